import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { processesIn } from "../../../lib/supervisor/client";
import { eventually } from "../../support/supervised";
import { COUNTED, makeSandbox, POSTGRES, type Sandbox } from "../harness";

const CI = { CI: "true" };

describe("endow run", () => {
  let box: Sandbox;
  before(async () => {
    box = makeSandbox("shop", COUNTED);
    box.write("settings.ts", POSTGRES);
    assert.equal((await box.run(["dev"], { env: CI })).code, 0);
  });
  after(() => box.clean());

  it("refuses to start a command without a required value", async () => {
    const name = readdirSync(box.state, { recursive: true, encoding: "utf8" }).find((file) => /values\/\w+\.json$/.test(file));
    const file = path.join(box.state, name ?? assert.fail("there is no values file"));
    const values = readFileSync(file);
    writeFileSync(file, "{}");
    const { code, stdout, stderr } = await box.run(["run", "--", "echo", "started"]);
    writeFileSync(file, values);
    assert.equal(code, 1);
    assert.equal(stdout, "");
    assert.match(stderr, /DATABASE_URL .*has no value[^]*fix: run `endow dev`/);
  });

  it("in CI stops the servers if it is killed, and leaves them running if its command exits", async () => {
    assert.equal((await box.run(["run", "--", "true"], { env: CI })).code, 0);
    assert.notDeepEqual(await processesIn(box.state), []);
    const running = box.start(["run", "--", "sh", "-c", "echo ready; exec sleep 1000"], { env: CI });
    await eventually("the app is ready", () => running.stdout().includes("ready"));
    running.child.kill("SIGKILL");
    running.child.stdout?.destroy();
    running.child.stderr?.destroy();
    await eventually("no server runs", async () => (await processesIn(box.state)).length === 0);
    assert.match((await box.run(["dev", "--stop"])).stderr, /no server was running/);
  });
});
