import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, rmdir } from "node:fs/promises";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { withLock } from "../../../lib/local/lock/lock";
import { serversIn } from "../../../lib/local/folder";
import { readState } from "../../../lib/local/state";
import { inLockSession } from "../../../lib/local/lock/lock-session";
import { quiet, temporaryFolder } from "../../support/local-server";

describe("steps on one environment", () => {
  let folder: string;
  let remove: () => Promise<void>;
  beforeEach(async () => ({ folder, remove } = await temporaryFolder("sharing")));
  afterEach(() => remove());

  const place = () => ({ project: "p", root: "/r", environment: "qa", folder: path.join(folder, "qa") });
  const hasTurn = async () => {
    let waits = false;
    const controller = new AbortController();
    const other = withLock(place().folder, { signal: controller.signal, waiting: () => (waits = true) }, async () => undefined);
    await wait(30);
    controller.abort();
    await other.catch(() => undefined);
    return waits;
  };

  it("go on at the same time in one process, which keeps its turn until none is left", async () => {
    const events: string[] = [];
    const step = (name: string, milliseconds: number) =>
      inLockSession(place(), quiet, async () => {
        events.push(`${name} begins`);
        await wait(milliseconds);
        events.push(`${name} ends`);
      });
    const all = Promise.all([step("long", 300), step("short", 10)]);
    await wait(100);
    assert.deepEqual([events, await hasTurn()], [["long begins", "short begins", "short ends"], true]);
    await all;
    assert.equal(await hasTurn(), false);
  });

  it("wait for another run, and say so; one that is cut off waits no longer", async () => {
    const told: string[] = [];
    const controller = new AbortController();
    let free = () => undefined as void;
    const taken = new Promise<void>((taken) => {
      void withLock(place().folder, { ...quiet, waiting: () => undefined }, () => {
        taken();
        return new Promise<void>((resolve) => (free = resolve));
      });
    });
    await taken;
    const cut = inLockSession(place(), { signal: controller.signal, progress: (text) => void told.push(text) }, async () => "done");
    await wait(100);
    const patient = inLockSession(place(), { ...quiet, progress: (text) => void told.push(text) }, async () => "done");
    controller.abort(new Error("cancelled"));
    await assert.rejects(cut, /cancelled/);
    free();
    assert.equal(await patient, "done");
    assert.deepEqual(
      told,
      Array.from({ length: 2 }, () => "waiting for another run to finish"),
    );
  });

  it("change the record one after the other", async () => {
    const names = Array.from({ length: 20 }, (_, index) => `server-${index}`);
    await Promise.all(
      names.map((name, index) =>
        inLockSession(place(), quiet, ({ change }) =>
          change((record) => ({ ...record, ports: { ...record.ports, [name]: 1000 + index } })),
        ),
      ),
    );
    assert.deepEqual(Object.keys((await readState(place().folder))?.ports ?? {}).toSorted(), names.toSorted());
  });

  it("that take away leave no empty environment, and keep one that holds data", async () => {
    const removing = () => inLockSession(place(), { ...quiet, removes: true }, ({ change }) => change());
    await mkdir(path.join(serversIn(place().folder), "postgres"), { recursive: true });
    await removing();
    assert.ok(existsSync(place().folder));
    await inLockSession(place(), quiet, async () => undefined);
    await rmdir(path.join(serversIn(place().folder), "postgres"));
    await removing();
    assert.equal(existsSync(folder), false);
    await mkdir(folder, { mode: 0o700 });
  });

  it("of which one fails go on, and a later one begins anew", async () => {
    const failing = inLockSession(place(), quiet, () => Promise.reject(new Error("no disk")));
    const other = inLockSession(place(), quiet, () => wait(20, "done"));
    await assert.rejects(failing, /no disk/);
    assert.equal(await other, "done");
    assert.equal(await inLockSession(place(), quiet, async () => "again"), "again");
  });
});
