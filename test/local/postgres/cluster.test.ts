import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { chmod, mkdir, mkdtemp, readFile, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { EndowError } from "../../../lib/errors";
import { credentialsIn } from "../../../lib/local/credentials";
import { postgres } from "../../../lib/local/postgres";
import type { LocalServer } from "../../../lib/local/recipe";
import { processesIn } from "../../../lib/supervisor/client";
import { localServer, options, programOf, sql, start, temporaryFolder } from "../../support/postgres-server";
import { type RunningService, runService } from "../../support/run-service";

const isRoot = process.getuid?.() === 0;
const request = { id: "shop.app", name: "app", options: options() };

const onDisk = async (folder: string) => (await readdir(folder)).filter((name) => name !== "credentials.json");

const assertKept = async (server: LocalServer) => {
  const fields = await postgres.lease(server, request);
  assert.deepEqual(await sql(fields, "select text from kept"), [{ text: "row" }]);
  return fields;
};

describe("the data folder of a PostgreSQL server", function () {
  this.timeout(120_000);
  let home: Awaited<ReturnType<typeof temporaryFolder>>;
  const started: RunningService[] = [];
  before(async () => {
    home = await temporaryFolder();
  });
  after(async () => {
    for (const running of started) await running.stop();
    await home.remove();
  });

  const begin = async (server: LocalServer) => {
    const running = await start(server);
    started.push(running);
    return running;
  };
  /** A stopped server with one row in it. */
  const withRow = async (server: LocalServer) => {
    const running = await begin(server);
    const fields = await postgres.lease(server, request);
    await sql(fields, "create table kept as select 'row' as text");
    return { running, fields };
  };
  it("keeps its rows and passwords through a restart, and preparing it again changes nothing", async () => {
    const server = await localServer(home.folder);
    const { running, fields } = await withRow(server);
    const service = await postgres.prepare(server);
    const conf = await stat(path.join(server.folder, "data/postgresql.conf"));
    assert.deepEqual(await postgres.prepare(server), service);
    assert.equal((await stat(path.join(server.folder, "data/postgresql.conf"))).mtimeMs, conf.mtimeMs);
    await running.stop();
    assert.deepEqual(await processesIn(server.folder), []);
    await begin(server);
    assert.deepEqual(await assertKept(server), fields);
  });

  it("listens on the loopback address alone, and moves to another port when told so", async () => {
    const server = await localServer(home.folder);
    const { running } = await withRow(server);
    await running.stop();
    const moved = { ...(await localServer(home.folder)), folder: server.folder, credentials: server.credentials };
    await begin(moved);
    const fields = await assertKept(moved);
    assert.equal(fields.port, moved.port);
    assert.deepEqual(await sql(fields, "show listen_addresses"), [{ listen_addresses: "127.0.0.1" }]);
    const internet = (await readFile(`/proc/net/tcp`, "utf8"))
      .split("\n")
      .filter((line) => line.includes(`:${moved.port.toString(16).toUpperCase().padStart(4, "0")} 00000000:0000 0A`));
    assert.equal(internet.length, 1);
    assert.match(internet[0] ?? "", / 0100007F:/);
    assert.ok(!(await readFile("/proc/net/unix", "utf8")).includes(`.s.PGSQL.${moved.port}`));
  });

  it("may lie under any name", async () => {
    const server = await localServer(home.folder, "17", { folder: path.join(home.folder, `it's "a" näme $HOME %d \\ 🐘 #`) });
    await withRow(server);
    await assertKept(server);
  });

  it("loses no row and starts again when the postmaster is killed while a query computes", async () => {
    const server = await localServer(home.folder);
    const { running, fields } = await withRow(server);
    const busy = sql(fields, "do $$ begin loop perform 1; end loop; end $$").catch((error: unknown) => error);
    while (
      (await sql(fields, "select 1 from pg_stat_activity where query like 'do %' and pid <> pg_backend_pid() and state = 'active'"))
        .length === 0
    )
      await sleep(10);
    const committed = await sql(fields, "insert into kept values ('committed') returning text");
    process.kill(running.pid, "SIGKILL");
    while (!running.hasEnded()) await sleep(10);
    const left = await processesIn(server.folder);
    assert.ok(left.length > 0, "the busy backend outlives the postmaster");
    for (const pid of left) process.kill(pid, "SIGKILL");
    while ((await processesIn(server.folder)).length > 0) await sleep(10);
    await busy;
    await begin(server);
    const again = await postgres.lease(server, request);
    assert.deepEqual(await sql(again, "select text from kept"), [{ text: "row" }, ...committed]);
  });

  it("gets new passwords, and keeps its data, when the recorded ones are lost", async () => {
    const server = await localServer(home.folder);
    const { running, fields } = await withRow(server);
    await running.stop();
    await rm(path.join(server.folder, "credentials.json"));
    await begin(server);
    const again = await assertKept(server);
    assert.notEqual(again.password, fields.password);
    await assert.rejects(sql(fields, "select 1"), { code: "28P01" });
  });

  it("gets the recorded passwords when they were changed by hand", async () => {
    const server = await localServer(home.folder);
    const { running } = await withRow(server);
    await running.stop();
    const file = path.join(server.folder, "credentials.json");
    const changed = Object.fromEntries(
      Object.keys(JSON.parse(await readFile(file, "utf8")) as object).map((login) => [login, `changed by hand ${login}`]),
    );
    await writeFile(file, JSON.stringify(changed), { mode: 0o600 });
    await begin(server);
    assert.equal((await assertKept(server)).password, "changed by hand app");
  });

  it("is left alone, with a way out, when the passwords are lost while the server runs", async () => {
    const server = await localServer(home.folder);
    const { running } = await withRow(server);
    await rm(path.join(server.folder, "credentials.json"));
    await assert.rejects(postgres.prepare(server), (error: unknown) => {
      assert.ok(error instanceof EndowError);
      assert.equal(error.code, "CREDENTIALS_LOST");
      assert.match(error.message, /stop it and start it again/);
      return true;
    });
    await running.stop();
    await begin(server);
    await assertKept(server);
  });

  it("opens although a lock file names a process that a stranger has become", async () => {
    const server = await localServer(home.folder);
    const { running } = await withRow(server);
    const lock = path.join(server.folder, "data/postmaster.pid");
    const stale = await readFile(lock, "utf8");
    await running.stop();
    const stranger = spawn("/bin/sleep", ["60"], { stdio: "ignore", cwd: "/" });
    try {
      await writeFile(lock, stale.replace(/^\d+/, String(stranger.pid)), { mode: 0o600 });
      await begin(server);
      await assertKept(server);
      assert.equal(stranger.exitCode, null);
    } finally {
      stranger.kill("SIGKILL");
    }
  });

  it("is not opened by another major version", async () => {
    const server = await localServer(home.folder, "17");
    await postgres.prepare(server);
    const other = { ...server, program: await programOf("16") };
    await assert.rejects(postgres.prepare(other), (error: unknown) => {
      assert.ok(error instanceof EndowError);
      assert.equal(error.code, "DATA_VERSION_MISMATCH");
      assert.match(error.message, /made by PostgreSQL 17, and .* is 16\./);
      return true;
    });
  });

  it("is not wiped when it is no PostgreSQL data folder", async () => {
    const server = await localServer(home.folder);
    await mkdir(path.join(server.folder, "data"));
    await writeFile(path.join(server.folder, "data", "mine.txt"), "mine");
    await assert.rejects(postgres.prepare(server), { code: "DATA_FOLDER_DAMAGED" });
    assert.deepEqual(await readdir(path.join(server.folder, "data")), ["mine.txt"]);
  });

  it("is made anew when what a killed maker had started still writes", async () => {
    const server = await localServer(home.folder);
    const dead = spawn("/bin/true");
    await new Promise((resolve) => dead.once("exit", resolve));
    const half = await mkdtemp(path.join(server.folder, `making-${dead.pid}-`));
    const writer = spawn("/bin/sh", ["-c", `i=0; while :; do i=$((i+1)); : > "${half}/$i"; done`], { cwd: server.folder, stdio: "ignore" });
    const ended = new Promise((resolve) => writer.once("exit", (_, signal) => resolve(signal)));
    try {
      await postgres.prepare(server);
    } finally {
      writer.kill("SIGKILL");
    }
    assert.equal(await ended, "SIGKILL");
    assert.deepEqual(await onDisk(server.folder), ["data"]);
  });

  it("is made anew when the maker was killed midway, and what that left is removed", async () => {
    const server = await localServer(home.folder);
    const dead = spawn("/bin/true");
    await new Promise((resolve) => dead.once("exit", resolve));
    const half = await mkdtemp(path.join(server.folder, `making-${dead.pid}-`));
    await mkdir(path.join(half, "data"));
    const mine = await mkdtemp(path.join(server.folder, `making-${process.pid}-`));
    await postgres.prepare(server);
    assert.deepEqual((await onDisk(server.folder)).toSorted(), ["data", path.basename(mine)].toSorted());
  });

  it("leaves nothing behind when making it is cut short or fails", async () => {
    const cut = await localServer(home.folder, "17", { signal: AbortSignal.timeout(150) });
    await assert.rejects(postgres.prepare(cut), { name: "TimeoutError" });
    assert.deepEqual(await onDisk(cut.folder), []);

    const file = path.join(home.folder, "a program");
    await writeFile(file, "#!/bin/sh\necho no space of its own >&2\nexit 3\n", { mode: 0o755 });
    const folder = path.join(home.folder, "broken");
    await mkdir(folder);
    for (const name of ["initdb", "postgres"]) await writeFile(path.join(folder, name), await readFile(file), { mode: 0o755 });
    const broken = await localServer(home.folder, "17", {
      program: { path: path.join(folder, "postgres"), version: "17.10", source: "path", environment: {} },
    });
    await assert.rejects(postgres.prepare(broken), (error: unknown) => {
      assert.ok(error instanceof EndowError);
      assert.equal(error.code, "DATA_FOLDER_FAILED");
      assert.match(error.message, /no space of its own/);
      return true;
    });
    assert.deepEqual(await onDisk(broken.folder), []);
  });

  const mounted = async (context: Mocha.Context, what: string, mountOptions: string, work: (folder: string) => Promise<void>) => {
    const folder = await mkdtemp(path.join(home.folder, "mount-"));
    try {
      execFileSync("mount", ["-t", "tmpfs", "-o", mountOptions, "tmpfs", folder], { stdio: "pipe" });
    } catch {
      console.log(`SKIP: ${what}: a tmpfs cannot be mounted here`);
      context.skip();
    }
    try {
      await work(folder);
    } finally {
      execFileSync("umount", [folder]);
    }
  };

  it("is not made on a full disk, which is said, and nothing half-made is left", async function () {
    await mounted(this, "a full disk", "size=12m,mode=0700", async (folder) => {
      const server = await localServer(home.folder, "17", { folder });
      await assert.rejects(postgres.prepare(server), (error: unknown) => {
        assert.ok(error instanceof EndowError);
        assert.equal(error.code, "DATA_FOLDER_FAILED");
        assert.match(error.message, /No space left on device/);
        return true;
      });
      assert.deepEqual(await onDisk(folder), []);
    });
  });

  it("is not made where nothing can be written, which is said", async function () {
    const assertRefused = async (folder: string) => {
      const server = await localServer(home.folder, "17", { folder });
      await assert.rejects(postgres.prepare(server), { code: "DATA_FOLDER_FAILED" });
      assert.deepEqual(await readdir(folder), []);
    };
    if (isRoot) return mounted(this, "a folder that cannot be written", "ro,size=1m", assertRefused);
    const folder = path.join(home.folder, "closed");
    await mkdir(folder, { mode: 0o500 });
    await assertRefused(folder);
    await chmod(folder, 0o700);
  });

  it("ends, and says so, when a stranger has its port", async () => {
    const server = await localServer(home.folder);
    await begin(server);
    const second = await localServer(home.folder, "17", { port: server.port });
    const running = await runService(await postgres.prepare(second));
    started.push(running);
    while (!running.hasEnded()) await sleep(10);
    assert.match(await running.log(), /could not bind IPv4 address "127.0.0.1": Address already in use/);
    await assert.rejects(postgres.ready(second), { code: "PASSWORD_REFUSED" });
  });

  it("moves with its folder", async () => {
    const server = await localServer(home.folder);
    const { running } = await withRow(server);
    await running.stop();
    const folder = path.join(home.folder, "moved");
    await rename(server.folder, folder);
    const moved = { ...server, folder, credentials: credentialsIn(folder) };
    await begin(moved);
    await assertKept(moved);
  });
});
