import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { EndowError } from "../../../lib/errors";
import { credentialsIn } from "../../../lib/local/credentials";
import { freePort } from "../../../lib/local/ports";
import { postgres } from "../../../lib/local/postgres";
import { ADMINISTRATOR } from "../../../lib/local/postgres/logins";
import { dataFolder } from "../../../lib/local/postgres/programs";
import type { LocalServer } from "../../../lib/local/recipe";
import { processesIn } from "../../../lib/supervisor/client";
import { localServer, options, sql, start, temporaryFolder } from "../../support/postgres-server";
import { type RunningService, runService } from "../../support/run-service";

const request = { id: "shop.app", name: "app", options: options() };

const assertKept = async (server: LocalServer) => {
  const fields = await postgres.lease(server, request);
  assert.deepEqual(await sql(fields, "select text from kept"), [{ text: "row" }]);
  return fields;
};

const started: RunningService[] = [];

const begin = async (server: LocalServer): Promise<RunningService> => {
  const running = await start(server);
  started.push(running);
  return running;
};

const withRow = async (server: LocalServer) => sql(await postgres.lease(server, request), "create table kept as select 'row' as text");

describe("the data folder of a PostgreSQL server", () => {
  let home: Awaited<ReturnType<typeof temporaryFolder>>;
  let server: LocalServer;
  let running: RunningService;
  before(async () => {
    home = await temporaryFolder();
    server = await localServer(home.folder);
    running = await begin(server);
    await withRow(server);
  });
  after(async () => {
    for (const each of started) await each.stop();
    await home.remove();
  });

  const restart = async (whileStopped?: () => Promise<unknown>) => {
    await running.stop();
    await whileStopped?.();
    running = await begin(server);
  };

  it("keeps its rows and passwords across a restart, and does not change when prepared again", async () => {
    const fields = await assertKept(server);
    const service = await postgres.prepare(server);
    const conf = await stat(path.join(dataFolder(server), "postgresql.conf"));
    assert.deepEqual(await postgres.prepare(server), service);
    assert.equal((await stat(path.join(dataFolder(server), "postgresql.conf"))).mtimeMs, conf.mtimeMs);
    await restart(async () => assert.deepEqual(await processesIn(server.folder), []));
    assert.deepEqual(await assertKept(server), fields);
  });

  it("listens only on the loopback address, and moves to another port on request", async () => {
    const { port } = server;
    await restart(async () => (server = { ...server, port: await freePort() }));
    const fields = await assertKept(server);
    assert.notEqual(fields.port, port);
    assert.equal(fields.port, server.port);
    assert.deepEqual(await sql(fields, "show listen_addresses"), [{ listen_addresses: "127.0.0.1" }]);
    const internet = (await readFile(`/proc/net/tcp`, "utf8"))
      .split("\n")
      .filter((line) => line.includes(`:${server.port.toString(16).toUpperCase().padStart(4, "0")} 00000000:0000 0A`));
    assert.equal(internet.length, 1);
    assert.match(internet[0] ?? "", / 0100007F:/);
    assert.ok(!(await readFile("/proc/net/unix", "utf8")).includes(`.s.PGSQL.${server.port}`));
  });

  it("can have any path", async () => {
    const strange = await localServer(home.folder, "17", { folder: path.join(home.folder, `it's "a" näme $HOME %d \\ 🐘 #`) });
    await begin(strange);
    await withRow(strange);
    await assertKept(strange);
  });

  it("loses no row and starts again when the postmaster is killed while a query computes", async () => {
    const fields = await assertKept(server);
    const busy = sql(fields, "do $$ begin loop perform 1; end loop; end $$").catch((error: unknown) => error);
    const administrator = { port: server.port, username: ADMINISTRATOR, password: await server.credentials.get(ADMINISTRATOR) };
    const isBusy = "select 1 from pg_stat_activity where query like 'do %' and pid <> pg_backend_pid() and state = 'active'";
    while ((await sql({ ...administrator, database: "postgres" }, isBusy)).length === 0) await sleep(10);
    const committed = await sql(fields, "insert into kept values ('committed') returning text");
    process.kill(running.pid, "SIGKILL");
    while (!running.hasEnded()) await sleep(10);
    const left = await processesIn(server.folder);
    assert.ok(left.length > 0, "the busy backend outlives the postmaster");
    for (const pid of left) process.kill(pid, "SIGKILL");
    while ((await processesIn(server.folder)).length > 0) await sleep(10);
    await busy;
    running = await begin(server);
    const again = await postgres.lease(server, request);
    assert.deepEqual(await sql(again, "select text from kept"), [{ text: "row" }, ...committed]);
    await sql(again, "delete from kept where text = 'committed'");
  });

  it("gets new passwords and keeps its data when the recorded ones are lost", async () => {
    const fields = await assertKept(server);
    await restart(() => rm(path.join(server.folder, "credentials.json")));
    const again = await assertKept(server);
    assert.notEqual(again.password, fields.password);
    await assert.rejects(sql(fields, "select 1"), { code: "28P01" });
  });

  it("gets the recorded passwords back after they were changed by hand", async () => {
    const file = path.join(server.folder, "credentials.json");
    const changed = Object.fromEntries(
      Object.keys(JSON.parse(await readFile(file, "utf8")) as object).map((login) => [login, `changed by hand ${login}`]),
    );
    await restart(() => writeFile(file, JSON.stringify(changed), { mode: 0o600 }));
    assert.equal((await assertKept(server)).password, "changed by hand app");
  });

  it("is left untouched, with a fix, when the passwords are lost while the server is running", async () => {
    await rm(path.join(server.folder, "credentials.json"));
    await assert.rejects(postgres.prepare(server), (error: unknown) => {
      assert.ok(error instanceof EndowError);
      assert.equal(error.code, "CREDENTIALS_LOST");
      assert.match(error.message, /restart it: endow then resets the passwords/);
      return true;
    });
    await restart();
    await assertKept(server);
  });

  it("opens although its lock file names the process id of another program", async () => {
    const lock = path.join(dataFolder(server), "postmaster.pid");
    const stale = await readFile(lock, "utf8");
    const stranger = spawn("/bin/sleep", ["1000"], { stdio: "ignore", cwd: "/" });
    try {
      await restart(() => writeFile(lock, stale.replace(/^\d+/, String(stranger.pid)), { mode: 0o600 }));
      await assertKept(server);
      assert.equal(stranger.exitCode, null);
    } finally {
      stranger.kill("SIGKILL");
    }
  });

  it("exits and logs the reason when another program has taken its port", async () => {
    const second = await localServer(home.folder, "17", { port: server.port });
    const refused = await runService(await postgres.prepare(second));
    started.push(refused);
    while (!refused.hasEnded()) await sleep(10);
    assert.match(await refused.log(), /could not bind IPv4 address "127.0.0.1": Address already in use/);
    await assert.rejects(postgres.ready(second), { code: "PASSWORD_REFUSED" });
  });

  it("works after its folder was moved", async () => {
    const folder = path.join(home.folder, "moved");
    await restart(async () => {
      await rename(server.folder, folder);
      server = { ...server, folder, credentials: credentialsIn(folder) };
    });
    await assertKept(server);
  });
});
