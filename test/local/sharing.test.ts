import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, rmdir } from "node:fs/promises";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { exclusively } from "../../lib/local/exclusive";
import { serversIn } from "../../lib/local/folder";
import { readRecord } from "../../lib/local/record";
import { sharing } from "../../lib/local/sharing";
import { quiet, temporaryFolder } from "../support/local-server";

describe("steps on one environment", () => {
  let folder: string;
  let remove: () => Promise<void>;
  beforeEach(async () => ({ folder, remove } = await temporaryFolder("sharing")));
  afterEach(() => remove());

  const place = () => ({ project: "p", root: "/r", environment: "qa", folder: path.join(folder, "qa") });
  const hasTurn = async () => {
    let waits = false;
    const controller = new AbortController();
    const other = exclusively(place().folder, { signal: controller.signal, waiting: () => (waits = true) }, async () => undefined);
    await wait(30);
    controller.abort();
    await other.catch(() => undefined);
    return waits;
  };

  it("go on at the same time in one process, which keeps its turn until none is left", async () => {
    const events: string[] = [];
    const step = (name: string, milliseconds: number) =>
      sharing(place(), quiet, async () => {
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
      void exclusively(place().folder, { ...quiet, waiting: () => undefined }, () => {
        taken();
        return new Promise<void>((resolve) => (free = resolve));
      });
    });
    await taken;
    const cut = sharing(place(), { signal: controller.signal, progress: (text) => void told.push(text) }, async () => "done");
    await wait(100);
    const patient = sharing(place(), { ...quiet, progress: (text) => void told.push(text) }, async () => "done");
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
        sharing(place(), quiet, ({ change }) => change((record) => ({ ...record, ports: { ...record.ports, [name]: 1000 + index } }))),
      ),
    );
    assert.deepEqual(Object.keys((await readRecord(place().folder))?.ports ?? {}).toSorted(), names.toSorted());
  });

  it("that take away leave no empty environment, and keep one that holds data", async () => {
    const removing = () => sharing(place(), { ...quiet, removes: true }, ({ change }) => change());
    await mkdir(path.join(serversIn(place().folder), "postgres-17"), { recursive: true });
    await removing();
    assert.ok(existsSync(place().folder));
    await sharing(place(), quiet, async () => undefined);
    await rmdir(path.join(serversIn(place().folder), "postgres-17"));
    await removing();
    assert.equal(existsSync(folder), false);
    await mkdir(folder, { mode: 0o700 });
  });

  it("of which one fails go on, and a later one begins anew", async () => {
    const failing = sharing(place(), quiet, () => Promise.reject(new Error("no disk")));
    const other = sharing(place(), quiet, () => wait(20, "done"));
    await assert.rejects(failing, /no disk/);
    assert.equal(await other, "done");
    assert.equal(await sharing(place(), quiet, async () => "again"), "again");
  });
});
