import assert from "node:assert/strict";
import { makeSandbox, type Sandbox } from "../cli/harness";
import { processesIn } from "../../lib/supervisor/client";
import { WRITER, acknowledged, EVERYTHING } from "../support/faults";
import { eventually } from "../support/supervised";

describe("in CI, `endow dev` with a command", () => {
  let boxes: readonly [Sandbox, Sandbox];
  beforeEach(() => (boxes = [makeSandbox(), makeSandbox()]));
  afterEach(async () => {
    for (const box of boxes) await box.clean();
  });

  const startApp = async (box: Sandbox) => {
    box.write("settings.ts", EVERYTHING);
    const app = box.start(["dev", "--", ...WRITER, "busy"], { env: { CI: "true" } });
    await eventually("the app writes", () => acknowledged(app.stdout()).length > 5);
    return { box, app };
  };

  it("takes its servers along when it is killed, and leaves them to the next step of the job when it ends by itself", async () => {
    const [ending, killed] = await Promise.all([startApp(boxes[0]), startApp(boxes[1])]);
    ending.app.child.kill("SIGTERM");
    await ending.app.finished;
    killed.app.child.kill("SIGKILL");
    // The app is not a child of ours; it ends at the next run, or, as here, when its output is closed.
    killed.app.child.stdout?.destroy();
    killed.app.child.stderr?.destroy();
    await eventually("no server of the killed one runs", async () => (await processesIn(killed.box.state)).length === 0);
    // Those of the other one have been without it for longer.
    const { stdout } = await ending.box.run(["dev"], { env: { CI: "true" } });
    assert.match(stdout, /nothing changed/);
  });
});
