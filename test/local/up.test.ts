import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { chmod, mkdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import pg from "pg";
import { z } from "zod";
import { bucket, plan, postgresUrl, redisUrl, settings, type Group } from "../../lib";
import { down } from "../../lib/local/down";
import { environmentFolder } from "../../lib/local/folder";
import { up, type Up, type UpRequest } from "../../lib/local/up";
import { processesIn, statusOf } from "../../lib/supervisor/client";
import { temporaryFolder } from "../support/local-server";
import { skipUnless } from "../support/prerequisite";
import { withEnvironment } from "../support/with-environment";

const PROJECT = "up-test";

describe("up, on a machine", () => {
  let root: string;
  let clean: () => Promise<void>;

  beforeEach(async () => {
    const { folder, remove } = await temporaryFolder("up");
    const restore = withEnvironment({ XDG_STATE_HOME: path.join(folder, "state") });
    root = path.join(folder, "an app's folder, ünïcode");
    await mkdir(root);
    clean = async () => {
      await down({ app: { project: PROJECT, root }, environment: "development", removeData: true });
      restore();
      await remove();
    };
  });
  afterEach(() => clean());

  const bring = (group: Group, more: Partial<UpRequest> = {}): Promise<Up> =>
    up({ plan: plan({ project: PROJECT, groups: [group], environment: "development" }), groups: [group], root, ...more });
  const folder = () => environmentFolder({ project: PROJECT, root }, "development");
  const one = () => settings("shared", { databaseUrl: postgresUrl() });

  it("brings three servers up, finds them so the second time, and leaves nothing when they go down", async () => {
    const group = settings("shared", { databaseUrl: postgresUrl(), redisUrl: redisUrl(), uploads: bucket() });
    const first = await bring(group);
    assert.ok(first.changed);
    for (const { name, error } of first.failed) console.log(`SKIP: ${name}: ${error.message}`);
    const expected = ["postgres-17", "redis", "bucket"].filter((kind) => !first.failed.some(({ name }) => name.startsWith(kind)));
    assert.deepEqual(new Set(first.servers.map(({ name }) => expected.find((kind) => name.startsWith(kind)))), new Set(expected));

    const second = await bring(group);
    assert.equal(second.changed, false);
    assert.deepEqual(second.values, first.values);
    assert.deepEqual(
      second.servers.map(({ change }) => change),
      second.servers.map(() => "none"),
    );

    const result = await down({ app: { project: PROJECT, root }, environment: "development", removeData: true });
    assert.equal(result.stopped.length, first.servers.length);
    assert.deepEqual(await processesIn(folder()), []);
    assert.equal(existsSync(path.dirname(folder())), false);
  });

  it("keeps the values of each group in a file that only its owner reads", async () => {
    const { values, stores } = await bring(one());
    const address = new URL(stores["ENDOW_SHARED"] ?? "");
    assert.equal((await stat(address)).mode & 0o777, 0o600);
    assert.deepEqual(JSON.parse(await readFile(address, "utf8")), { DATABASE_URL: values["DATABASE_URL"] });
  });

  it("keeps the rows of a setting that was renamed with `formerly`, and of one that went away and came back", async () => {
    const { values } = await bring(one());
    await query(values["DATABASE_URL"], "create table kept as select 1 as row");

    const renamed = settings("shared", { mainDatabaseUrl: postgresUrl({ formerly: ["shared.databaseUrl"] }) });
    const moved = await bring(renamed);
    assert.deepEqual(await query(moved.values["MAIN_DATABASE_URL"], "select row from kept"), [{ row: 1 }]);

    const other = settings("shared", { otherDatabaseUrl: postgresUrl() });
    await bring(other);
    await assert.rejects(query(moved.values["MAIN_DATABASE_URL"], "select 1"), { code: "28000" });

    const back = await bring(renamed);
    assert.deepEqual(await query(back.values["MAIN_DATABASE_URL"], "select row from kept"), [{ row: 1 }]);
  });

  it("stops a server that no setting needs any more, and starts it again with its data", async () => {
    const { values } = await bring(one());
    await query(values["DATABASE_URL"], "create table kept as select 1 as row");
    await bring(settings("shared", { title: postgresUrl({ version: "16" }) }));
    const { services } = await statusOf(folder());
    assert.deepEqual(
      services.map(({ name, status }) => [name, status]),
      [["postgres-16", "running"]],
    );
    const back = await bring(one());
    assert.deepEqual(await query(back.values["DATABASE_URL"], "select row from kept"), [{ row: 1 }]);
  });

  it("sets new passwords when the file that held them is gone, and keeps the rows", async () => {
    const { values, servers } = await bring(one());
    await query(values["DATABASE_URL"], "create table kept as select 1 as row");
    await rm(path.join(servers[0]?.server.folder ?? "", "credentials.json"));
    const repaired = await bring(one());
    assert.deepEqual(repaired.failed, []);
    assert.notEqual(repaired.values["DATABASE_URL"], values["DATABASE_URL"]);
    assert.deepEqual(await query(repaired.values["DATABASE_URL"], "select row from kept"), [{ row: 1 }]);
    await assert.rejects(query(values["DATABASE_URL"], "select 1"), { code: "28P01" });
  });

  it("moves to another port when a stranger has taken the recorded one, and refuses one that was asked for", async () => {
    const before = await bring(one());
    const port = before.servers[0]?.port ?? 0;
    await down({ app: { project: PROJECT, root }, environment: "development", removeData: false });
    const stranger = await listen(port);
    try {
      const asked = await bring(one(), { ports: { "postgres-17": port } });
      assert.deepEqual(
        asked.failed.map(({ error }) => error.code),
        ["PORT_TAKEN"],
      );
      const after = await bring(one());
      assert.notEqual(after.servers[0]?.port, port);
      assert.deepEqual(await query(after.values["DATABASE_URL"], "select 1 as one"), [{ one: 1 }]);
    } finally {
      await new Promise((resolve) => stranger.close(resolve));
    }
  });

  it("reports a server that cannot be had, and brings the others up", async () => {
    const group = settings("shared", { databaseUrl: postgresUrl(), redisUrl: redisUrl() });
    const server =
      plan({ project: PROJECT, groups: [group], environment: "development" }).servers.find(({ kind }) => kind === "redis")?.name ?? "";
    const { failed, servers, values } = await bring(group, { programs: { [server]: "/nonexistent/redis-server" } });
    assert.deepEqual(
      failed.map(({ name, error }) => [name, error.code]),
      [[server, "SERVER_UNAVAILABLE"]],
    );
    assert.deepEqual(
      servers.map(({ name }) => name),
      ["postgres-17"],
    );
    assert.deepEqual(Object.keys(values), ["DATABASE_URL"]);
  });

  it("keeps the values of a server that runs on while what was asked of it cannot be done", async () => {
    const { values, stores } = await bring(one());
    const { failed, values: after } = await bring(one(), { programs: { "postgres-17": "/bin/ls" } });
    assert.deepEqual(
      failed.map(({ name }) => name),
      ["postgres-17"],
    );
    assert.deepEqual(after, values);
    assert.deepEqual(JSON.parse(await readFile(new URL(stores["ENDOW_SHARED"] ?? ""), "utf8")), values);
    assert.deepEqual(await query(after["DATABASE_URL"], "select 1 as one"), [{ one: 1 }]);
  });

  it("shuts out the login of a setting that went away with its server, once the server runs again", async () => {
    const { values } = await bring(one());
    const nothing = settings("shared", { title: z.string().default("none") });
    await bring(nothing);
    await bring(nothing);
    const { values: others } = await bring(settings("shared", { otherDatabaseUrl: postgresUrl() }));
    const port = new URL(others["OTHER_DATABASE_URL"] ?? "").port;
    const old = Object.assign(new URL(values["DATABASE_URL"] ?? ""), { port });
    await assert.rejects(query(old.href, "select 1"), { code: "28000" });
  });

  it("says once that the data stays where it was when a setting asks for another version", async () => {
    const { notes: none } = await bring(one());
    assert.deepEqual(none, []);
    const newer = () => bring(settings("shared", { databaseUrl: postgresUrl({ version: "16" }) }));
    const { notes } = await newer();
    assert.equal(notes.length, 1);
    assert.match(notes[0] ?? "", /the data of shared\.databaseUrl stays on postgres-17; postgres-16 starts empty\. .*pg_dump/);
    assert.deepEqual((await newer()).notes, []);
  });

  it("says once that a program does not stay up", async () => {
    const program = path.join(root, "redis-server");
    await writeFile(
      program,
      '#!/bin/sh\n[ "$1" = --version ] && echo "Redis server v=7.2.4 sha=00000000:0 malloc=libc bits=64 build=0" && exit 0\nexit 3\n',
    );
    await chmod(program, 0o755);
    const group = settings("shared", { redisUrl: redisUrl() });
    const name = plan({ project: PROJECT, groups: [group], environment: "development" }).servers[0]?.name ?? "";
    const { failed } = await bring(group, { programs: { [name]: program } });
    const message = failed[0]?.error.message ?? "";
    assert.equal(message.split("does not stay up").length, 2, message);
  });

  it("refuses one port for two servers, and starts neither", async () => {
    const group = settings("shared", { databaseUrl: postgresUrl(), otherDatabaseUrl: postgresUrl({ version: "16" }) });
    const { failed, servers } = await bring(group, { ports: { "postgres-16": 5611, "postgres-17": 5611 } });
    assert.deepEqual(
      failed.map(({ error }) => error.code),
      ["PORT_TAKEN", "PORT_TAKEN"],
    );
    assert.deepEqual(servers, []);
  });

  it("comes up whole when it waits for a removal", async () => {
    await bring(one());
    const gone = down({ app: { project: PROJECT, root }, environment: "development", removeData: true });
    while ((await processesIn(folder())).length > 0) await wait(5);
    const [again] = await Promise.all([bring(one()), gone]);
    assert.deepEqual(await query(again.values["DATABASE_URL"], "select 1 as one"), [{ one: 1 }]);
    assert.deepEqual(readdirSync(path.dirname(folder())), ["development"]);
    assert.ok(existsSync(path.join(folder(), "environment.json")));
  });

  it("takes turns with another run", async () => {
    const [first, second] = await Promise.all([bring(one()), bring(one())]);
    assert.deepEqual(first.values, second.values);
    assert.notEqual(first.changed, second.changed);
  });

  it("runs PostgreSQL for root where there are no user namespaces, as in most containers", async function () {
    skipUnless(this, process.getuid?.() === 0, "only root has to become another user");
    const programs = path.join(root, "bin");
    await mkdir(programs);
    for (const program of ["node", "npm"])
      await symlink(execFileSync("which", [program], { encoding: "utf8" }).trim(), path.join(programs, program));
    await chmod(path.dirname(root), 0o711);
    await mkdir(process.env["XDG_STATE_HOME"] ?? "", { mode: 0o711 });
    const restore = withEnvironment({ PATH: programs });
    try {
      const { failed, values } = await bring(one());
      assert.deepEqual(
        failed.map(({ error }) => error.message),
        [],
      );
      assert.deepEqual(await query(values["DATABASE_URL"], "select 1 as one"), [{ one: 1 }]);
      const { services } = await statusOf(folder());
      const [status] = services.map(({ pid }) => readFileSync(`/proc/${pid}/status`, "utf8"));
      assert.match(status ?? "", /^Uid:\t65534\t/m);
    } finally {
      restore();
    }
  });

  it("says so when it cannot read its record", async () => {
    await mkdir(path.join(folder(), "environment.json"), { recursive: true, mode: 0o700 });
    await assert.rejects(bring(one()), { code: "RECORD_UNREADABLE", message: /EISDIR/ });
  });

  it("refuses a record that is damaged, and touches nothing", async () => {
    await bring(one());
    const file = path.join(folder(), "environment.json");
    await writeFile(file, "{}");
    await assert.rejects(bring(one()), { code: "RECORD_DAMAGED" });
    assert.ok(readdirSync(path.join(folder(), "servers")).includes("postgres-17"));
  });
});

const query = async (url: string | undefined, text: string): Promise<readonly unknown[]> => {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => undefined);
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
};

const listen = (port: number): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve(server));
  });
