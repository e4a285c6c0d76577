import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { assertShown, type Demo, makeDemo } from "./demo";

describe("npm run demo, without Pulumi", () => {
  let demo: Demo;

  before(async () => {
    demo = await makeDemo();
  });

  after(() => demo.clean());

  it("shows that what endow made is real, changes nothing the second time, and leaves nothing behind", async () => {
    const first = await demo.run("--no-engine");
    assertShown(first.result);
    assert.equal(first.result.engine.used, false);
    assert.match(first.talk, /DATABASE_URL +\*\*\*/);

    const second = await demo.run("--no-engine");
    assert.match(second.talk, /nothing changed/);
    assert.deepEqual(second.result.proofs.map(statusOf), first.result.proofs.map(statusOf));

    const down = await demo.run("--down");
    assert.ok(down.result.stopped.includes("postgres"));
    assert.deepEqual(down.result.left, []);
    assert.deepEqual(await readdir(path.join(demo.state, "endow")), []);
  });
});

const statusOf = ({ status }: { readonly status: string }) => status;
