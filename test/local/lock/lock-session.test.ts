import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, rmdir } from "node:fs/promises";
import path from "node:path";
import { withLock } from "../../../lib/local/lock/lock";
import { serversIn } from "../../../lib/local/folder";
import { withServer } from "../../../lib/local/state";
import { readState } from "../../../lib/local/state-files";
import { inLockSession } from "../../../lib/local/lock/lock-session";
import { quiet, temporaryFolder } from "../../support/local-server";

describe("steps on one environment", () => {
  let folder: string;
  let remove: () => Promise<void>;
  beforeEach(async () => ({ folder, remove } = await temporaryFolder("sharing")));
  afterEach(() => remove());

  const place = () => ({ project: "p", root: "/r", environment: "qa", folder: path.join(folder, "qa") });
  const hasTurn = async () => {
    const waits = new AbortController();
    const other = withLock(place().folder, { signal: waits.signal, waiting: () => waits.abort() }, async () => undefined);
    await other.catch((error: unknown) => {
      if (!waits.signal.aborted) throw error;
    });
    return waits.signal.aborted;
  };

  it("run concurrently in one process, which holds the lock until the last one ends", async () => {
    let end = () => undefined as void;
    const held = new Promise<void>((resolve) => (end = resolve));
    const long = inLockSession(place(), quiet, () => held);
    assert.equal(await inLockSession(place(), quiet, async () => "done"), "done");
    assert.equal(await hasTurn(), true);
    end();
    await long;
    assert.equal(await hasTurn(), false);
  });

  it("wait for another run and report it; a cancelled one stops waiting", async () => {
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
    let cut: Promise<string> | undefined;
    await new Promise<void>((waits) => {
      const progress = (text: string) => {
        told.push(text);
        waits();
      };
      cut = inLockSession(place(), { signal: controller.signal, progress }, async () => "done");
    });
    const patient = inLockSession(place(), { ...quiet, progress: (text) => void told.push(text) }, async () => "done");
    controller.abort(new Error("cancelled"));
    await assert.rejects(cut ?? Promise.resolve(), /cancelled/);
    free();
    assert.equal(await patient, "done");
    assert.deepEqual(
      told,
      Array.from({ length: 2 }, () => "waiting for another run to finish"),
    );
  });

  it("change the state one at a time", async () => {
    const names = Array.from({ length: 20 }, (_, index) => `server-${index}`);
    await Promise.all(
      names.map((name, index) =>
        inLockSession(place(), quiet, ({ change }) =>
          change((state) => withServer(state, name, { kind: "redis", name, port: 1000 + index, leases: [] })),
        ),
      ),
    );
    assert.deepEqual(Object.keys((await readState(place().folder))?.servers ?? {}).toSorted(), names.toSorted());
  });

  it("that remove something delete an empty environment and keep one that holds data", async () => {
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

  it("continue when one of them fails, and a later one starts afresh", async () => {
    const failing = inLockSession(place(), quiet, () => Promise.reject(new Error("no disk")));
    let end = () => undefined as void;
    const held = new Promise<void>((resolve) => (end = resolve));
    const other = inLockSession(place(), quiet, () => held);
    await assert.rejects(failing, /no disk/);
    end();
    await other;
    assert.equal(await inLockSession(place(), quiet, async () => "again"), "again");
  });
});
