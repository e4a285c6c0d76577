import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { processesIn } from "../../lib/supervisor/client";
import { makeSandbox, type Running, type Sandbox } from "../cli/harness";
import { acknowledged, assertNothingLeaks, assertNothingLeft, EVERYTHING, lost, portsIn, valuesIn, WRITER } from "../support/faults";
import { randomFrom, testSeed } from "../support/random";
import { eventually } from "../support/supervised";

const seed = testSeed();

describe("`endow dev -- app` that is killed at any moment", () => {
  let box: Sandbox;
  const random = randomFrom(seed);
  before(() => {
    console.log(`moments from ENDOW_TEST_SEED=${seed}`);
    box = makeSandbox();
    box.write("settings.ts", EVERYTHING);
  });
  after(() => box.clean());

  const killAfter = async (delay: number, begun: (running: Running) => Promise<unknown> = async () => undefined): Promise<Running> => {
    const running = box.start(["dev", "--", ...WRITER]);
    await begun(running);
    await sleep(delay);
    running.child.kill("SIGKILL");
    return running;
  };
  const down = async () => {
    const ports = portsIn(box.state);
    const { code, stderr } = await box.run(["dev", "--down", "--yes"]);
    assert.equal(code, 0, stderr);
    await assertNothingLeft(box, ports);
  };
  const up = async () => {
    const { code, stderr } = await box.run(["dev"]);
    assert.equal(code, 0, stderr);
    assert.deepEqual(await processesIn(box.root), [], "the app was ended");
  };

  const untilItWrites = (running: Running) => eventually("the app writes", () => acknowledged(running.stdout()).length > 0);

  for (let round = 1; round <= 6; round += 1) {
    const delay = Math.round(random() * 3_000);
    it(`from empty, after ${delay} ms: \`--down\` leaves nothing`, async () => {
      await killAfter(delay);
      await down();
    });
  }

  for (let round = 1; round <= 6; round += 1) {
    const delay = Math.round(random() * 3_000);
    it(`from empty, after ${delay} ms: comes up again, has every write that was acknowledged, and \`--down\` leaves nothing`, async () => {
      const killed = await killAfter(delay);
      await up();
      assert.deepEqual(await lost(acknowledged(killed.stdout()), valuesIn(box.state)), []);
      await down();
    });
  }

  it("eight times while its servers run: comes up again each time and keeps every write of all of them", async () => {
    await up();
    const runs: Running[] = [];
    for (let round = 1; round <= 8; round += 1) {
      // However slow the machine is, one is killed while its app writes.
      runs.push(round === 8 ? await killAfter(random() * 200, untilItWrites) : await killAfter(random() * 2_000));
      await up();
      assert.deepEqual(
        await lost(
          runs.flatMap((run) => acknowledged(run.stdout())),
          valuesIn(box.state),
        ),
        [],
      );
    }
    assert.ok(acknowledged(runs.at(-1)?.stdout() ?? "").length > 0, "the last was killed while its app wrote");
    await assertNothingLeaks(box);
    await down();
  });
});
