import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { chmod, mkdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";
import { bucket, postgresUrl, redisUrl, settings } from "../../lib";
import { plan } from "../../lib/plan";
import { fault } from "../../lib/errors";
import { processesIn, statusOf } from "../../lib/supervisor/client";
import { freePort } from "../../lib/local/ports";
import { type Home, makeHome, queryUrl } from "../support/home";
import { imaginedMachine } from "../support/imagined-machine";
import { skipUnless } from "../support/prerequisite";
import { withEnvironment } from "../support/with-environment";

const PROJECT = "up-test";

describe("up, on a machine", () => {
  let home: Home;
  before(async () => (home = await makeHome(PROJECT)));
  after(() => home.clean());

  // Each test has its own setting, with a database and a login, on one server.

  it("keeps the values of each group in a file that only its owner can read, even if a running server cannot be updated as requested", async () => {
    const group = one("keptUrl");
    const { values, stores } = await home.bring(group);
    const address = new URL(stores["ENDOW_SHARED"] ?? "");
    assert.equal((await stat(address)).mode & 0o777, 0o600);
    assert.deepEqual(JSON.parse(await readFile(address, "utf8")), { KEPT_URL: values["KEPT_URL"] });

    const { failed, values: after } = await home.bring(group, { programs: { postgres: "/bin/ls" } });
    assert.deepEqual(
      failed.map(({ name }) => name),
      ["postgres"],
    );
    assert.deepEqual(after, values);
    assert.deepEqual(JSON.parse(await readFile(address, "utf8")), values);
    assert.deepEqual(await queryUrl(after["KEPT_URL"], "select 1 as one"), [{ one: 1 }]);
  });

  it("keeps the rows of a setting that was renamed with `formerly`, and of one that was removed and added again", async () => {
    const { values } = await home.bring(one("oldUrl"));
    await queryUrl(values["OLD_URL"], "create table kept as select 1 as row");

    const renamed = settings("shared", { newUrl: postgresUrl({ formerly: ["shared.oldUrl"] }) });
    const moved = await home.bring(renamed);
    assert.deepEqual(await queryUrl(moved.values["NEW_URL"], "select row from kept"), [{ row: 1 }]);

    await home.bring(one("otherUrl"));
    await assert.rejects(queryUrl(moved.values["NEW_URL"], "select 1"), { code: "28000" });

    const back = await home.bring(renamed);
    assert.deepEqual(await queryUrl(back.values["NEW_URL"], "select row from kept"), [{ row: 1 }]);
  });

  it("sets new passwords if their file is missing, and keeps the rows", async () => {
    const { values, servers } = await home.bring(one("lostUrl"));
    await queryUrl(values["LOST_URL"], "create table kept as select 1 as row");
    await rm(path.join(servers[0]?.server.folder ?? "", "credentials.json"));
    const repaired = await home.bring(one("lostUrl"));
    assert.deepEqual(repaired.failed, []);
    assert.notEqual(repaired.values["LOST_URL"], values["LOST_URL"]);
    assert.deepEqual(await queryUrl(repaired.values["LOST_URL"], "select row from kept"), [{ row: 1 }]);
    await assert.rejects(queryUrl(values["LOST_URL"], "select 1"), { code: "28P01" });
  });

  it("moves to another port if another program has taken the recorded one, but refuses a requested port that is taken", async () => {
    const before = await home.bring(one("portUrl"));
    const port = before.servers[0]?.port ?? 0;
    await home.down({ removeData: false });
    const other = await listen(port);
    try {
      const asked = await home.bring(one("portUrl"), { ports: { postgres: port } });
      assert.deepEqual(
        asked.failed.map(({ error }) => error.code),
        ["PORT_TAKEN"],
      );
      const after = await home.bring(one("portUrl"));
      assert.notEqual(after.servers[0]?.port, port);
      assert.deepEqual(await queryUrl(after.values["PORT_URL"], "select 1 as one"), [{ one: 1 }]);
    } finally {
      await new Promise((resolve) => other.close(resolve));
    }
  });

  it("reports a server that is not available, and starts the others", async () => {
    const group = settings("shared", { besideUrl: postgresUrl(), redisUrl: redisUrl() });
    const server =
      plan({ project: PROJECT, groups: [group], environment: "development" }).servers.find(({ kind }) => kind === "redis")?.name ?? "";
    const { failed, servers, values } = await home.bring(group, { programs: { [server]: path.join(home.root, "no-redis-server") } });
    assert.deepEqual(
      failed.map(({ name, error }) => [name, error.code]),
      [[server, "SERVER_UNAVAILABLE"]],
    );
    assert.deepEqual(
      servers.map(({ name }) => name),
      ["postgres"],
    );
    assert.deepEqual(Object.keys(values), ["BESIDE_URL"]);
  });

  it("disables the login of a setting that was removed with its server, once the server runs again", async () => {
    const { values } = await home.bring(one("goneUrl"));
    const nothing = settings("shared", { title: z.string().default("none") });
    await home.bring(nothing);
    await home.bring(nothing);
    const { values: others } = await home.bring(one("laterUrl"));
    const port = new URL(others["LATER_URL"] ?? "").port;
    const old = Object.assign(new URL(values["GONE_URL"] ?? ""), { port });
    await assert.rejects(queryUrl(old.href, "select 1"), { code: "28000" });
  });

  it("refuses a state that is damaged beside the data as well, and changes nothing", async () => {
    const { values } = await home.bring(one("lastUrl"));
    await queryUrl(values["LAST_URL"], "create table kept as select 1 as row");
    const note = path.join(home.folder, "servers/postgres/server.json");
    const sound = await readFile(note);
    for (const file of [note, path.join(home.folder, "environment.json")]) await writeFile(file, "{}");
    await assert.rejects(home.bring(one("lastUrl")), { code: "RECORD_DAMAGED" });
    await writeFile(note, sound);
    const back = await home.bring(one("lastUrl"));
    assert.equal(back.notes.length, 1);
    assert.deepEqual(await queryUrl(back.values["LAST_URL"], "select row from kept"), [{ row: 1 }]);
  });
});

describe("up, from nothing", () => {
  let home: Home;
  beforeEach(async () => (home = await makeHome(PROJECT)));
  afterEach(() => home.clean());

  it("starts three servers, reuses them the second time, and leaves nothing behind after `down`", async () => {
    const group = settings("shared", { databaseUrl: postgresUrl(), redisUrl: redisUrl(), uploads: bucket() });
    const first = await home.bring(group);
    assert.ok(first.changed);
    for (const { name, error } of first.failed) console.log(`SKIP: ${name}: ${error.message}`);
    const expected = ["postgres", "redis", "bucket"].filter((kind) => !first.failed.some(({ name }) => name.startsWith(kind)));
    assert.deepEqual(new Set(first.servers.map(({ name }) => expected.find((kind) => name.startsWith(kind)))), new Set(expected));

    const second = await home.bring(group);
    assert.equal(second.changed, false);
    assert.deepEqual(second.values, first.values);
    assert.deepEqual(
      second.servers.map(({ change }) => change),
      second.servers.map(() => "none"),
    );

    const result = await home.down({ removeData: true });
    assert.equal(result.stopped.length, first.servers.length);
    assert.deepEqual(await processesIn(home.folder), []);
    assert.equal(existsSync(path.dirname(home.folder)), false);
  });

  it("reports once that a program does not keep running", async () => {
    const program = path.join(home.root, "redis-server");
    await writeFile(
      program,
      '#!/bin/sh\n[ "$1" = --version ] && echo "Redis server v=7.2.4 sha=00000000:0 malloc=libc bits=64 build=0" && exit 0\nexit 3\n',
    );
    await chmod(program, 0o755);
    const group = settings("shared", { redisUrl: redisUrl() });
    const name = plan({ project: PROJECT, groups: [group], environment: "development" }).servers[0]?.name ?? "";
    const { failed } = await home.bring(group, { programs: { [name]: program } });
    const message = failed[0]?.error.message ?? "";
    assert.equal(message.split("does not stay up").length, 2, message);
  });

  it("refuses one port for two servers, and starts neither", async () => {
    const group = settings("shared", { databaseUrl: postgresUrl(), otherDatabaseUrl: postgresUrl({ server: "other" }) });
    const port = await freePort();
    const { failed, servers } = await home.bring(group, { ports: { postgres: port, "postgres-other": port } });
    assert.deepEqual(
      failed.map(({ error }) => error.code),
      ["PORT_TAKEN", "PORT_TAKEN"],
    );
    assert.deepEqual(servers, []);
  });

  it("waits for another run, and starts everything after waiting for a deletion", async () => {
    const group = one("databaseUrl");
    const [first, second] = await Promise.all([home.bring(group), home.bring(group)]);
    assert.deepEqual(first.values, second.values);
    assert.notEqual(first.changed, second.changed);

    const gone = home.down({ removeData: true });
    while ((await processesIn(home.folder)).length > 0) await wait(5);
    const [again] = await Promise.all([home.bring(group), gone]);
    assert.deepEqual(await queryUrl(again.values["DATABASE_URL"], "select 1 as one"), [{ one: 1 }]);
    assert.deepEqual(readdirSync(path.dirname(home.folder)), ["development"]);
    assert.ok(existsSync(path.join(home.folder, "environment.json")));
  });

  it("runs PostgreSQL for root where there are no user namespaces, as in most containers", async function () {
    skipUnless(this, process.getuid?.() === 0, "only root has to become another user");
    const programs = path.join(home.root, "bin");
    await mkdir(programs);
    for (const program of ["node", "npm"])
      await symlink(execFileSync("which", [program], { encoding: "utf8" }).trim(), path.join(programs, program));
    await chmod(path.dirname(home.root), 0o711);
    await mkdir(process.env["XDG_STATE_HOME"] ?? "", { mode: 0o711 });
    const restore = withEnvironment({ PATH: programs });
    try {
      const { failed, values } = await home.bring(one("databaseUrl"));
      assert.deepEqual(
        failed.map(({ error }) => error.message),
        [],
      );
      assert.deepEqual(await queryUrl(values["DATABASE_URL"], "select 1 as one"), [{ one: 1 }]);
      const { services } = await statusOf(home.folder);
      const [status] = services.map(({ pid }) => readFileSync(`/proc/${pid}/status`, "utf8"));
      assert.match(status ?? "", /^Uid:\t65534\t/m);
    } finally {
      restore();
    }
  });

  it("ends only when everything has ended, including the leases beside one that fails", async () => {
    const { machine } = imaginedMachine();
    const ended: string[] = [];
    const recipeOf: typeof machine.recipeOf = (kind) => {
      const recipe = machine.recipeOf(kind);
      return {
        ...recipe,
        lease: async (server, request) => {
          if (request.name === "shared_refused") throw fault("STATEMENT_REFUSED", "a statement was refused", "run it again");
          await wait(50);
          ended.push(request.name);
          return recipe.lease(server, request);
        },
      };
    };
    const imagined = await makeHome(PROJECT, { ...machine, recipeOf });
    try {
      const { failed } = await imagined.bring(
        settings("shared", Object.fromEntries(["refused", "one", "two", "three", "four", "five"].map((name) => [name, postgresUrl()]))),
      );
      assert.deepEqual([failed.length, ended.length], [1, 5]);
    } finally {
      await imagined.clean();
    }
  });

  it("causes no warning of Node, however many servers wait on one signal", async () => {
    const warnings: string[] = [];
    const note = ({ name }: Error) => void warnings.push(name);
    process.on("warning", note);
    const { machine } = imaginedMachine();
    const imagined = await makeHome(PROJECT, { ...machine, supervise: (folder) => wait(100).then(() => machine.supervise(folder)) });
    try {
      const names = Array.from({ length: 15 }, (_, index) => `cache${index}`);
      const { servers } = await imagined.bring(settings("shared", Object.fromEntries(names.map((name) => [name, redisUrl()]))));
      assert.deepEqual([servers.length, warnings], [15, []]);
    } finally {
      process.off("warning", note);
      await imagined.clean();
    }
  });

  it("reports that it cannot read its state", async () => {
    await mkdir(path.join(home.folder, "environment.json"), { recursive: true, mode: 0o700 });
    await assert.rejects(home.bring(one("databaseUrl")), { code: "FILE_UNREADABLE", message: /EISDIR/ });
  });
});

const one = (setting: string) => settings("shared", { [setting]: postgresUrl() });

const listen = (port: number): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve(server));
  });
