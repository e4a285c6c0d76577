import assert from "node:assert/strict";
import { makeSandbox, type Running, type Sandbox } from "../cli/harness";
import {
  acknowledged,
  assertNothingLeaks,
  assertNothingLeft,
  EVERYTHING,
  lost,
  portsIn,
  runningOf,
  valuesIn,
  WRITER,
} from "../support/faults";
import { skipUnless } from "../support/prerequisite";
import { eventually } from "../support/supervised";

/** Redis hands its log of writes over within a second, or two while the disk is busy; when it is killed it loses what it still has. */
const REDIS_MAY_LOSE = 2_000;

describe("while an app runs under `endow dev`,", () => {
  let box: Sandbox;
  let app: Running;
  before(async () => {
    box = makeSandbox();
    box.write("settings.ts", EVERYTHING);
    app = box.start(["dev", "--", ...WRITER, "busy"]);
    await eventually("the app writes", () => writes().length > 30);
  });
  after(async () => {
    app.child.kill("SIGTERM");
    await app.finished;
    await box.clean();
  });

  const writes = () => acknowledged(app.stdout());
  const goesOn = async (kind: string) => {
    const start = Date.now();
    await eventually(`${kind} takes writes`, () => writes().some(({ server, at }) => server === kind && at > start));
  };
  const servers = async () => (await runningOf(box.state)).services.map(({ name, pid }) => ({ kind: name.replace(/-.*/, ""), name, pid }));
  const supervisor = async () => (await runningOf(box.state)).pid ?? assert.fail("no supervisor runs");
  const assertKept = async (mayBeLost: (write: { server: string; at: number }) => boolean = () => false) => {
    const missing = await lost(writes(), valuesIn(box.state));
    assert.deepEqual(
      missing.filter((write) => !mayBeLost(write)),
      [],
    );
  };
  const assertFoundRunning = async (before: unknown) => {
    const { code, stdout, stderr } = await box.run(["dev"]);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /nothing changed/);
    assert.deepEqual(await servers(), before);
    for (const { kind } of await servers()) await goesOn(kind);
    await assertKept();
  };

  for (const kind of ["postgres", "bucket", "redis"])
    it(`a killed ${kind} server comes back, the app goes on, and what was acknowledged is there`, async function () {
      const server = (await servers()).find((each) => each.kind === kind);
      skipUnless(this, server?.pid !== undefined, `${kind} is not to be had on this machine`);
      const pid = server?.pid ?? 0;
      await goesOn(kind);
      process.kill(pid, "SIGKILL");
      const killed = Date.now();
      await eventually("another one runs", async () =>
        (await servers()).some((each) => each.kind === kind && each.pid && each.pid !== pid),
      );
      await goesOn(kind);
      await assertKept(({ server, at }) => kind === "redis" && server === "redis" && at > killed - REDIS_MAY_LOSE && at <= killed);
    });

  it("no password shows: not in a log or another file than those for it, not in what a server or the supervisor shows", () =>
    assertNothingLeaks(box));

  it("a killed supervisor does not disturb it, and the next `endow dev` finds every server running", async () => {
    const before = await servers();
    process.kill(await supervisor(), "SIGKILL");
    for (const { kind } of before) await goesOn(kind);
    await assertFoundRunning(before);
  });

  it("a supervisor that hangs does not disturb it, and the next `endow dev` puts another in its place", async () => {
    const before = await servers();
    const hanging = await supervisor();
    process.kill(hanging, "SIGSTOP");
    await assertFoundRunning(before);
    assert.notEqual(await supervisor(), hanging);
  });

  it("`--down` leaves nothing, also when the supervisor hangs", async () => {
    app.child.kill("SIGTERM");
    await app.finished;
    const ports = portsIn(box.state);
    process.kill(await supervisor(), "SIGSTOP");
    const { code, stderr } = await box.run(["dev", "--down", "--yes"]);
    assert.equal(code, 0, stderr);
    await assertNothingLeft(box, ports);
  });
});
