import assert from "node:assert/strict";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { load, loadSync, secret, settings, bucket } from "../../lib/index";
import { rejectionOf, everythingIn } from "../support/errors";
import { skipUnless } from "../support/prerequisite";

const shared = settings("shared", { token: secret({ alias: "OLD_TOKEN" }), uploads: bucket().optional() });

describe("the store of a group", () => {
  let folder = "";
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "endow-stores-"));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const store = async (text: string, mode = 0o600): Promise<string> => {
    const file = path.join(folder, `${Math.random()}.json`);
    await writeFile(file, text, { mode });
    await chmod(file, mode);
    return pathToFileURL(file).href;
  };
  const values = (given: object) => store(JSON.stringify(given));

  it("supplies values that the environment lacks", async () => {
    const env = { ENDOW_SHARED: await values({ TOKEN: "in-the-store" }) };
    assert.equal((await load(shared, { env })).token.reveal(), "in-the-store");
    assert.equal(loadSync(shared, { env }).token.reveal(), "in-the-store");
    assert.equal((await load(shared, { env: { ...env, TOKEN: "in-the-environment" } })).token.reveal(), "in-the-environment");
  });

  it("takes precedence over an alias in the environment, and may contain an alias itself", async () => {
    const both = { ENDOW_SHARED: await values({ TOKEN: "in-the-store" }), OLD_TOKEN: "an-alias" };
    assert.equal((await load(shared, { env: both })).token.reveal(), "in-the-store");
    const alias = { ENDOW_SHARED: await values({ OLD_TOKEN: "alias-in-the-store" }) };
    assert.equal((await load(shared, { env: alias })).token.reveal(), "alias-in-the-store");
    assert.equal((await load(shared, { env: { ...alias, OLD_TOKEN: "an-alias" } })).token.reveal(), "an-alias");
  });

  it("never completes a value of several variables", async () => {
    const env = { TOKEN: "t", ENDOW_SHARED: await values({ UPLOADS_REGION: "eu-west-1" }), UPLOADS_BUCKET: "shop-uploads" };
    assert.match((await rejectionOf(load(shared, { env }))).message, /UPLOADS_REGION must be set too, because UPLOADS_BUCKET is/);
  });

  it("is also read for the groups that a group extends", async () => {
    const web = settings.extend(shared, "web-api", { webToken: secret() });
    const env = {
      ENDOW_SHARED: await values({ TOKEN: "of-shared", WEB_TOKEN: "x" }),
      ENDOW_WEB_API: await values({ WEB_TOKEN: "of-web", TOKEN: "x" }),
    };
    for (const config of [await load(web, { env }), loadSync(web, { env })])
      assert.deepEqual([config.token.reveal(), config.webToken.reveal()], ["of-shared", "of-web"]);
  });

  for (const [what, text, why] of [
    ["invalid JSON", '{"TOKEN": qzjw', /it is not JSON/],
    ["a list", '["qzjw"]', /not an object of strings/],
    ["values that are not strings", '{"TOKEN": 5, "x": "qzjw"}', /not an object of strings/],
    ["null", "null", /not an object of strings/],
  ] as const) {
    it(`is refused if it contains ${what}, without quoting it`, async () => {
      const error = await rejectionOf(load(shared, { env: { ENDOW_SHARED: await store(text) } }));
      assert.equal(error.code, "STORE_UNREADABLE");
      assert.match(error.message, why);
      assert.doesNotMatch(everythingIn(error), /qzjw/);
    });
  }

  it("is refused if other users can access it", async function () {
    skipUnless(this, process.platform !== "win32", "files of Windows have no modes");
    for (const mode of [0o640, 0o604, 0o666]) {
      const error = await rejectionOf(load(shared, { env: { ENDOW_SHARED: await store('{"TOKEN":"t"}', mode) } }));
      assert.match(error.message, /other users can access the file/);
    }
  });

  it("is refused if it is missing", async () => {
    const error = await rejectionOf(load(shared, { env: { ENDOW_SHARED: pathToFileURL(path.join(folder, "none.json")).href } }));
    assert.equal(error.code, "STORE_UNREADABLE");
    assert.match(error.message, /ENOENT/);
  });

  it("is refused if its address is not valid, without quoting it", async () => {
    for (const ENDOW_SHARED of ["qzjw", "/qzjw.json", "https://user:qzjw@example.com"]) {
      const error = await rejectionOf(load(shared, { env: { ENDOW_SHARED } }));
      assert.equal(error.code, "STORE_UNKNOWN");
      assert.equal(error.problems[0]?.path, "ENDOW_SHARED");
      assert.doesNotMatch(everythingIn(error), /qzjw/);
    }
  });
});
