import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { engine } from "../support/engine";
import { assertShown, type Demo, makeDemo } from "./demo";

describe("npm run demo", () => {
  let demo: Demo | undefined;

  before(async function () {
    await engine(this);
    demo = await makeDemo();
  });

  after(() => demo?.clean());

  it("is finished by the next one after it was killed, changes nothing then, and leaves nothing behind", async function () {
    assert.ok(demo);
    await killWhen(demo, /Server postgres creating/);

    const first = await demo.run();
    if (!first.result.engine.used) {
      console.log("SKIP: demo through Pulumi: this machine lacks a server of the shop");
      this.skip();
    }
    assertShown(first.result);
    assert.match(first.talk, /Resources:\s+\+ \d+ created/);
    assert.match(first.talk, /DATABASE_URL +\*\*\*/);
    const { mode } = await stat(path.join(demo.folder, "passphrase"));
    assert.deepEqual([mode & 0o777, (await stat(demo.folder)).mode & 0o777], [0o600, 0o700]);

    const second = await demo.run();
    assertShown(second.result);
    assert.deepEqual(Object.keys(second.result.engine.changes ?? {}), ["same"]);
    assert.match(second.talk, /Pulumi has changed nothing/);
    const url = /keeps running at (http:\S+),/.exec(second.talk)?.[1] ?? "";
    assert.equal((await fetch(`${url}/items`)).status, 200);

    const down = await demo.run("--down");
    assert.equal(down.result.engine.used, true);
    assert.ok(down.result.stopped.includes("app-web"));
    assert.deepEqual(down.result.left, []);
    assert.deepEqual([existsSync(demo.folder), await readdir(path.join(demo.state, "endow"))], [false, []]);
    await assert.rejects(fetch(url));
  });
});

/** SIGKILL, once it has said something like `line`. */
const killWhen = async ({ start }: Demo, line: RegExp): Promise<void> => {
  const { child, talk } = start();
  const closed = once(child, "close");
  while (!line.test(talk())) {
    assert.equal(child.exitCode, null, talk());
    await sleep(20);
  }
  child.kill("SIGKILL");
  await closed;
};
