import assert from "node:assert/strict";
import { readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { processesIn } from "../../../lib/supervisor/client";
import { eventually } from "../../support/supervised";
import { makeSandbox, POSTGRES, type Sandbox } from "../harness";

describe("endow run, in CI", () => {
  let box: Sandbox;
  before(() => {
    box = makeSandbox();
    box.write("settings.ts", POSTGRES);
  });
  after(() => box.clean());

  it("takes the servers along when it is killed, and leaves them when its command ends", async () => {
    const env = { CI: "true" };
    assert.equal((await box.run(["dev"], { env })).code, 0);
    assert.equal((await box.run(["run", "--", "true"], { env })).code, 0);
    assert.notDeepEqual(await processesIn(box.state), []);
    const running = box.start(["run", "--", "sh", "-c", "echo ready; exec sleep 1000"], { env });
    await eventually("the app is ready", () => running.stdout().includes("ready"));
    running.child.kill("SIGKILL");
    running.child.stdout?.destroy();
    running.child.stderr?.destroy();
    await eventually("no server runs", async () => (await processesIn(box.state)).length === 0, 30_000);
    assert.match((await box.run(["dev", "--stop"])).stderr, /no server was running/);
  });
});

describe("endow run", () => {
  let box: Sandbox;
  before(() => {
    box = makeSandbox();
    box.write("settings.ts", POSTGRES);
  });
  after(() => box.clean());

  it("refuses to start a command without a value that it must have", async () => {
    assert.equal((await box.run(["dev"])).code, 0);
    const file = readdirSync(box.state, { recursive: true, encoding: "utf8" }).find((name) => /values\/\w+\.json$/.test(name));
    writeFileSync(path.join(box.state, file ?? assert.fail("there is no file of values")), "{}");
    const { code, stdout, stderr } = await box.run(["run", "--", "echo", "started"]);
    assert.equal(code, 1);
    assert.equal(stdout, "");
    assert.match(stderr, /DATABASE_URL .*has no value[^]*fix: run `endow dev`/);
  });
});
