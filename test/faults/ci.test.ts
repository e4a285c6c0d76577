import assert from "node:assert/strict";
import { makeSandbox, type Sandbox } from "../cli/harness";
import { processesIn } from "../../lib/supervisor/client";
import { WRITER, acknowledged, EVERYTHING } from "../support/faults";
import { eventually } from "../support/supervised";

describe("in CI, `endow dev` with a command", () => {
  let box: Sandbox;
  beforeEach(() => (box = makeSandbox()));
  afterEach(() => box.clean());

  const startApp = async () => {
    box.write("settings.ts", EVERYTHING);
    const app = box.start(["dev", "--", ...WRITER, "busy"], { env: { CI: "true" } });
    await eventually("the app writes", () => acknowledged(app.stdout()).length > 5);
    return app;
  };

  it("takes its servers along when it is killed", async () => {
    const app = await startApp();
    app.child.kill("SIGKILL");
    // The app is no child of ours; it ends at the next run, or, as here, when its output is closed.
    app.child.stdout?.destroy();
    app.child.stderr?.destroy();
    await eventually("no server runs", async () => (await processesIn(box.state)).length === 0);
  });

  it("leaves them to the next step of the job when it ends by itself", async () => {
    const app = await startApp();
    app.child.kill("SIGTERM");
    await app.finished;
    await new Promise((resolve) => setTimeout(resolve, 7_000));
    const { stdout } = await box.run(["dev"], { env: { CI: "true" } });
    assert.match(stdout, /nothing changed/);
  });
});
