import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { makeSandbox, repository, type Sandbox, type Started, valuesOf } from "./endow-dev";

const shop = path.join(repository, "examples/shop");

const json = (url: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(url, { method: "POST", headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body) });

describe("examples/shop", () => {
  let sandbox: Sandbox;
  let running: Started;

  const startShop = (env: Record<string, string> = {}): Promise<Started> => {
    Object.assign(sandbox.env, { PORT: "0", ...env });
    return sandbox.start(/listens on (http:\S+)/, "dev", "--cwd", shop, "--", "tsx", "server.ts");
  };

  before(async () => {
    sandbox = await makeSandbox(shop);
    running = await startShop();
  });

  after(() => sandbox.clean());

  it("keeps items in PostgreSQL, and their list in the cache until one is added", async function () {
    const url = `${running.line[1]}/items`;
    const added = await json(url, { name: " a chair " });
    assert.equal(added.status, 201);
    const { id } = (await added.json()) as { id: number };
    const states = [];
    for (let time = 0; time < 2; time++) {
      const listed = await fetch(url);
      assert.deepEqual(((await listed.json()) as object[]).at(-1), { id, name: "a chair" });
      states.push(listed.headers.get("x-cache"));
    }
    const { cache } = (await (await fetch(`${running.line[1]}/health`)).json()) as { cache: boolean };
    if (!cache) {
      console.log("SKIP: examples/shop, cache: this machine has no Redis");
      this.skip();
    }
    assert.deepEqual(states, ["miss", "hit"]);
  });

  it("hands out URLs to upload to and to read from", async function () {
    const signed = await json(`${running.line[1]}/uploads`, {});
    if (signed.status === 503) {
      console.log("SKIP: examples/shop, uploads: this machine has no S3 server");
      this.skip();
    }
    const { put, get } = (await signed.json()) as { put: string; get: string };
    assert.equal((await fetch(put, { method: "PUT", body: "a photo" })).status, 200);
    assert.equal(await (await fetch(get)).text(), "a photo");
  });

  it("answers what it does not understand with a reason", async () => {
    const url = `${running.line[1]}/items`;
    const answers = [
      await json(url, { name: "" }),
      await json(url, { name: "x".repeat(201) }),
      await fetch(url, { method: "POST", body: "{" }),
      await fetch(url, { method: "POST", body: "x".repeat(100_001) }),
      await fetch(`${running.line[1]}/constructor`),
    ];
    assert.deepEqual(
      answers.map(({ status }) => status),
      [400, 400, 400, 413, 404],
    );
  });

  it("ends in order, starts again with nothing changed, and shows no secret", async () => {
    const first = await running.stop();
    assert.equal(first.code, 0, "SIGTERM is not an orderly end");
    const second = await (await startShop()).stop();
    assert.match(second.stderr, /nothing changed/);
    const values = await valuesOf(sandbox, shop, ["DATABASE_URL"]);
    const password = new URL(values["DATABASE_URL"] ?? "").password;
    const verbose = await sandbox.endow("dev", "--cwd", shop, "--verbose");
    assert.match(verbose.stdout, /DATABASE_URL +\*\*\*/);
    for (const { stdout, stderr } of [first, second, verbose]) assert.ok(!`${stdout}${stderr}`.includes(password));
  });

  it("lets only holders of an API key write, where there are keys", async () => {
    const { line, stop } = await startShop({ API_KEYS: "k3y-of-the-test-0001:test" });
    const url = `${line[1]}/items`;
    const answers = [
      await json(url, { name: "a chair" }),
      await json(url, { name: "a chair" }, { authorization: "Bearer k3y-of-the-test-0002" }),
      await json(url, { name: "a chair" }, { authorization: "Bearer k3y-of-the-test-0001" }),
      await fetch(url),
    ];
    await stop();
    assert.deepEqual(
      answers.map(({ status }) => status),
      [401, 401, 201, 200],
    );
  });

  it("names everything that production needs in one error", async () => {
    const env = { PATH: process.env["PATH"], ENDOW_ENVIRONMENT: "production", LLM_PROVIDER: "openai" };
    const server = promisify(execFile)(process.execPath, ["--import", "tsx", "server.ts"], { cwd: shop, env });
    await assert.rejects(server, ({ stderr }: { stderr: string }) => {
      for (const name of ["DATABASE_URL", "API_KEYS", "LLM_API_KEY"]) assert.match(stderr, new RegExp(`${name} `));
      return true;
    });
  });
});
