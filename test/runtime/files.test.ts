import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { bucket, loadSync, secret, settings } from "../../lib/index";
import { errorOf, told } from "../support/errors";

const shared = settings("shared", { token: secret({ alias: "OLD_TOKEN" }).optional(), uploads: bucket().optional() });

describe("a value in a file, named by NAME_FILE", () => {
  let folder = "";
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "endow-files-"));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const file = async (text: string): Promise<string> => {
    const name = path.join(folder, `${Math.random()}`);
    await writeFile(name, text, { mode: 0o600 });
    return name;
  };
  const token = (env: Record<string, string>) => loadSync(shared, { env }).token?.reveal();

  for (const [text, value] of [
    ["word", "word"],
    ["word\n", "word"],
    ["word\r\n", "word"],
    ["a\nb\n\n", "a\nb\n"],
    [" word ", " word "],
    ["a\nb\n", "a\nb"],
    ["", undefined],
    ["\n", undefined],
  ] as const) {
    it(`is ${JSON.stringify(value)} for ${JSON.stringify(text)}`, async () => assert.equal(token({ TOKEN_FILE: await file(text) }), value));
  }

  it("is refused beside a value in the variable itself, unless that is empty", async () => {
    const TOKEN_FILE = await file("word");
    assert.deepEqual(told(errorOf(() => token({ TOKEN_FILE, TOKEN: "other" }))), ["SETTING_TWICE TOKEN and TOKEN_FILE are both set"]);
    assert.equal(token({ TOKEN_FILE, TOKEN: "" }), "word");
    assert.equal(token({ TOKEN_FILE: "", TOKEN: "other" }), "other");
  });

  it("may be given under an alias, or for one variable of several", async () => {
    assert.equal(token({ OLD_TOKEN_FILE: await file("word") }), "word");
    const env = { UPLOADS_BUCKET: "shop-uploads", UPLOADS_REGION_FILE: await file("eu-west-1\n") };
    assert.equal(loadSync(shared, { env }).uploads?.region, "eu-west-1");
  });

  it("is an error if the file cannot be read, even if an alias has a value", () => {
    const error = errorOf(() => token({ TOKEN_FILE: path.join(folder, "none"), OLD_TOKEN: "other" }));
    assert.deepEqual(told(error), ["SETTING_FILE TOKEN_FILE names a file that cannot be read (ENOENT)"]);
    assert.equal(errorOf(() => token({ TOKEN_FILE: folder })).problems[0]?.code, "SETTING_FILE");
  });
});
