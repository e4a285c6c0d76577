import assert from "node:assert/strict";
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import fc from "fast-check";
import { openEnvironment } from "../../lib/local/environment";
import { type EnvironmentState, withServer } from "../../lib/local/state";
import { readState } from "../../lib/local/state-files";
import { temporaryFolder } from "../support/local-server";

const lease = (id: string, name: string) => ({ id, name, disabled: false, open: false });

describe("an environment's state files", () => {
  let folder: string;
  let remove: () => Promise<void>;
  let state: EnvironmentState;
  beforeEach(async () => {
    ({ folder, remove } = await temporaryFolder("state"));
    const environment = openEnvironment(place());
    await environment.change((before) => withServer(before, "postgres", { kind: "postgres", name: "postgres-main", leases: [] }));
    await environment.change((before) =>
      withServer(before, "redis", { kind: "redis", name: "redis", leases: [lease("shared.cache", "x")] }),
    );
    await environment.change((before) => ({
      ...withServer(before, "postgres", { kind: "postgres", name: "postgres-main", port: 5432, leases: [lease("shared.sales", "orders")] }),
      owner: "this environment",
      remote: { "shop-0a1b2c3d": { id: "shared.theirs", server: "db:5432", name: "shop" } },
    }));
    state = await environment.state();
  });
  afterEach(() => remove());

  const place = () => ({ project: "p", root: "/r", environment: "dev", folder });
  const main = () => path.join(folder, "environment.json");
  const note = (server: string) => path.join(folder, "servers", server, "server.json");
  const recovered = async () => {
    const notes: string[] = [];
    const environment = openEnvironment(place());
    await environment.recover((text) => void notes.push(text));
    return { notes, state: await environment.state() };
  };

  it("are inaccessible to other users", () => {
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".json"));
    assert.deepEqual(files.toSorted(), [
      "environment.json",
      "remote/shop-0a1b2c3d/lease.json",
      "servers/postgres/server.json",
      "servers/redis/server.json",
    ]);
    for (const file of files) assert.equal(statSync(path.join(folder, file)).mode & 0o777, 0o600);
  });

  for (const [what, text] of [
    ["empty", ""],
    ["cut off", '{ "version": 2, "servers": {'],
    ["null", "null"],
    ["a list", "[]"],
    ["an object of something else", "{}"],
    ["of other types", '{ "version": 2, "revision": 1, "project": 1, "root": null, "environment": "dev", "servers": [], "remote": {} }'],
    [
      "of a lease that is null",
      '{ "version": 2, "revision": 1, "project": "p", "root": "/r", "environment": "dev", "servers": { "redis": { "kind": "redis", "name": "redis", "leases": [null] } }, "remote": {} }',
    ],
  ] as const)
    it(`restore the whole state if the environment's own file is ${what}, and report it once`, async () => {
      writeFileSync(main(), text);
      assert.deepEqual(await readState(folder), state);
      assert.equal(readFileSync(main(), "utf8"), text);
      const first = await recovered();
      assert.deepEqual(first.state, state);
      assert.match(first.notes.join(), /environment\.json was damaged and has been rebuilt from .* of postgres-main, redis, db:5432$/);
      assert.deepEqual(await recovered(), { notes: [], state });
      assert.deepEqual(JSON.parse(readFileSync(main(), "utf8")), state);
    });

  it("restore the whole state if the environment's own file is missing", async () => {
    rmSync(main());
    const { notes, state: found } = await recovered();
    assert.deepEqual([notes.length, found], [1, state]);
  });

  it("restore the whole state or refuse, whatever the environment's own file contains", async () => {
    await fc.assert(
      fc.asyncProperty(fc.json(), async (text) => {
        writeFileSync(main(), text);
        try {
          assert.deepEqual(await readState(folder), state);
        } catch (error) {
          assert.match(String((error as { code?: string }).code), /^STATE_(OUTDATED|NEWER)$/);
        }
      }),
    );
  });

  it("refuse if no file identifies some of the data, name the file and the fix, and change nothing", async () => {
    for (const file of [note("redis"), path.join(folder, "remote/shop-0a1b2c3d/lease.json")]) {
      const before = readFileSync(file);
      for (const damage of [() => writeFileSync(file, "null"), () => rmSync(file)]) {
        writeFileSync(path.join(path.dirname(file), "data"), "rows");
        writeFileSync(main(), "{");
        damage();
        await assert.rejects(recovered(), (error: Error & { code: string }) => {
          assert.equal(error.code, "RECORD_DAMAGED");
          assert.ok(error.message.includes(file) && error.message.includes(`move the folder ${path.dirname(file)} away`), error.message);
          return true;
        });
        await assert.rejects(openEnvironment(place()).change(), { code: "RECORD_DAMAGED" });
        assert.equal(readFileSync(main(), "utf8"), "{");
      }
      writeFileSync(file, before);
      assert.deepEqual((await recovered()).state, state);
    }
  });

  it("are repaired beside the data from the environment's own file", async () => {
    writeFileSync(note("postgres"), "null");
    rmSync(note("redis"));
    assert.deepEqual(await recovered(), { notes: [], state });
    rmSync(main());
    assert.deepEqual((await recovered()).state, state);
  });

  it("do not count if they are outdated: neither a backup of the environment's own file nor one of a server's", async () => {
    const [older, olderNote] = [readFileSync(main()), readFileSync(note("postgres"))];
    await openEnvironment(place()).change((before) =>
      withServer(before, "postgres", { kind: "postgres", name: "postgres", leases: [lease("shared.revenue", "orders")] }),
    );
    const newer = await readState(folder);
    writeFileSync(main(), older);
    assert.deepEqual(await readState(folder), newer);
    assert.deepEqual(await recovered(), { notes: [], state: newer });
    writeFileSync(note("postgres"), olderNote);
    assert.deepEqual(await recovered(), { notes: [], state: newer });
    assert.match(readFileSync(note("postgres"), "utf8"), /shared\.revenue/);
  });

  it("are refused with a fix if they have another format version", async () => {
    writeFileSync(
      main(),
      JSON.stringify({ version: 1, project: "p", root: "/r", environment: "dev", ports: { postgres: 5432 }, leases: [] }),
    );
    await assert.rejects(recovered(), { code: "STATE_OUTDATED", message: /earlier version of endow.*\n {2}fix: .*`endow dev --down`/s });
    writeFileSync(main(), JSON.stringify({ ...state, version: 3 }));
    await assert.rejects(recovered(), { code: "STATE_NEWER", message: /update endow/ });
  });

  it("are an empty state if nothing is recorded, and a server's empty folder is ignored", async () => {
    rmSync(main());
    for (const part of ["servers", "remote"]) rmSync(path.join(folder, part), { recursive: true });
    await mkdir(path.join(folder, "servers/postgres"), { recursive: true });
    assert.equal(await readState(folder), undefined);
    assert.deepEqual((await recovered()).notes, []);
  });
});
