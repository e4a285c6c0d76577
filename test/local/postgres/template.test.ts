import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { chmod, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { postgres } from "../../../lib/local/postgres";
import { dataFolder } from "../../../lib/local/postgres/programs";
import type { LocalServer, Program } from "../../../lib/local/recipe";
import { localServer, options, programOf, sql, start, temporaryFolder } from "../../support/postgres-server";
import { withEnvironment } from "../../support/with-environment";

describe("the cached result of initdb", () => {
  let home: Awaited<ReturnType<typeof temporaryFolder>>;
  let restore: () => void;
  let program: Program;

  beforeEach(async () => {
    home = await temporaryFolder();
    // Taken from the usual cache, before the test replaces the cache.
    program = await programOf("17");
    restore = withEnvironment({ XDG_CACHE_HOME: path.join(home.folder, "cache") });
  });
  afterEach(async () => {
    restore();
    await home.remove();
  });

  const server = () => localServer(home.folder, "17", { program });
  const kept = () => readdir(path.join(home.folder, "cache/endow/postgres"));
  const files = async (folder: string) => (await readdir(folder, { recursive: true })).toSorted();

  it("contains no password and is copied for the next server, which has its own passwords", async () => {
    const [first, second] = [await server(), await server()];
    await postgres.prepare(first);
    const [name = ""] = await kept();
    const template = path.join(home.folder, "cache/endow/postgres", name);
    assert.equal((await stat(template)).mode & 0o777, 0o700);
    assert.ok(!(await textIn(template)).includes("SCRAM-SHA-256$"), "it contains a verifier");

    const made = (await stat(template)).ctimeMs;
    await postgres.prepare(second);
    assert.deepEqual(await kept(), [name]);
    assert.equal((await stat(template)).ctimeMs, made);
    assert.deepEqual(await files(dataFolder(second)), await files(dataFolder(first)));
    const running = [await start(first), await start(second)];
    try {
      const [one, other] = [await leaseOn(first), await leaseOn(second)];
      assert.deepEqual(await sql(other, "select 1 as one"), [{ one: 1 }]);
      await assert.rejects(sql({ ...other, password: one.password }, "select 1"), { code: "28P01" });
    } finally {
      for (const each of running) await each.stop();
    }
  });

  it("is created again after it was damaged", async () => {
    await postgres.prepare(await server());
    const [name = ""] = await kept();
    const control = path.join(home.folder, "cache/endow/postgres", name, "global/pg_control");
    await rm(control);
    await postgres.prepare(await server());
    assert.deepEqual(await kept(), [name]);
    assert.ok(existsSync(control));
  });

  it("is inaccessible to other users, as is the copy, regardless of the umask", async () => {
    const before = process.umask(0);
    const made = [await server(), await server()];
    try {
      for (const each of made) await postgres.prepare(each);
    } finally {
      process.umask(before);
    }
    const [name = ""] = await kept();
    for (const folder of [path.join(home.folder, "cache/endow/postgres", name), ...made.map(dataFolder)])
      for (const file of ["", ...(await files(folder))]) assert.equal((await stat(path.join(folder, file))).mode & 0o077, 0, file);
  });

  it("is refused if another user could have modified it", async () => {
    await postgres.prepare(await server());
    const [name = ""] = await kept();
    const template = path.join(home.folder, "cache/endow/postgres", name);
    for (const place of [path.join(template, "pg_hba.conf"), path.join(template, "base"), path.dirname(template)]) {
      const { mode } = await stat(place);
      await chmod(place, mode | 0o002);
      const next = await server();
      await assert.rejects(postgres.prepare(next), { code: "NOT_TRUSTED" });
      assert.deepEqual(await readdir(next.folder), []);
      await chmod(place, mode);
    }
    await postgres.prepare(await server());
  });

  it("is not used where no program can copy it", async () => {
    await postgres.prepare(await server());
    const next = await server();
    // Without any program root becomes another user, who needs access to the folder.
    await chmod(home.folder, 0o711);
    const back = withEnvironment({ PATH: path.join(home.folder, "nothing") });
    try {
      await postgres.prepare(next);
    } finally {
      back();
    }
    assert.equal(await readFile(path.join(dataFolder(next), "PG_VERSION"), "utf8"), "17\n");
  });

  it("is not cached if the cache is not writable", async () => {
    await writeFile(path.join(home.folder, "cache"), "a file");
    const alone = await server();
    await postgres.prepare(alone);
    assert.equal(await readFile(path.join(dataFolder(alone), "PG_VERSION"), "utf8"), "17\n");
  });
});

const leaseOn = (server: LocalServer) => postgres.lease(server, { id: "shop.app", name: "app", options: options() });

const textIn = async (folder: string): Promise<string> => {
  const entries = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  return (await Promise.all(entries.map((entry) => readFile(path.join(entry.parentPath, entry.name), "latin1")))).join("");
};
