import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync, statSync } from "node:fs";
import { readFile, readdir, stat } from "node:fs/promises";
import { connect } from "node:net";
import path from "node:path";
import { Client } from "pg";
import { credentialsIn } from "../../../lib/local/credentials";
import { postgres } from "../../../lib/local/postgres";
import { ADMINISTRATOR, SUPERUSER } from "../../../lib/local/postgres/logins";
import { scramVerifier } from "../../../lib/roles/postgres/scram";
import type { LocalServer } from "../../../lib/local/recipe";
import { processesIn } from "../../../lib/supervisor/client";
import { localServer, options, sql, start, temporaryFolder } from "../../support/postgres-server";
import type { RunningService } from "../../support/run-service";

describe("a setting's lease on a PostgreSQL server", () => {
  let home: Awaited<ReturnType<typeof temporaryFolder>>;
  let server: LocalServer;
  let running: RunningService | undefined;
  before(async () => {
    home = await temporaryFolder();
    server = await localServer(home.folder);
    running = await start(server);
  });
  after(async () => {
    await running?.stop();
    await home.remove();
  });

  const lease = (name: string, extensions: string[] = []) =>
    postgres.lease(server, { id: `shop.${name}`, name, options: options({ extensions }) });
  const superuser = async (database = "postgres") => ({
    port: server.port,
    username: SUPERUSER,
    password: await server.credentials.get(SUPERUSER),
    database,
  });

  it("rejects a wrong password and a missing one", async () => {
    const fields = await lease("guarded");
    for (const password of ["wrong", "", fields.password.toLowerCase()])
      await assert.rejects(sql({ ...fields, password }, "select 1"), /28P01|password/);
  });

  it("is a role without privileges on the server or access to other databases", async () => {
    const one = await lease("first_app");
    const two = await lease("second_app");
    const [role] = await sql(
      one,
      "select rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls from pg_roles where rolname = current_user",
    );
    assert.deepEqual(new Set(Object.values(role ?? {})), new Set([false]));
    assert.deepEqual(await sql(one, "select roleid from pg_auth_members where member = current_user::regrole"), []);
    for (const database of [two.database, "postgres", "template1"])
      await assert.rejects(sql({ ...one, database }, "select 1"), { code: "42501" });
    await assert.rejects(sql(one, "create role intruder"), { code: "42501" });
    await assert.rejects(sql(one, "create database intruder"), { code: "42501" });
    await assert.rejects(sql(one, "select pg_read_file('/etc/hostname')"), { code: "42501" });
    await assert.rejects(sql(one, "copy (select 1) to program 'true'"), { code: "42501" });
    await assert.rejects(sql(one, "select * from pg_authid"), { code: "42501" });
  });

  it("is owned by its role, which can run any migration", async () => {
    const fields = await lease("migrated");
    await sql(fields, "create schema reports; create table reports.sales (id int); create table plain (id int); create extension pg_trgm");
    assert.deepEqual(await sql(fields, "select count(*)::int as n from plain"), [{ n: 0 }]);
  });

  it("is created by an administrator that is not a superuser", async () => {
    const [row] = await sql(await superuser(), "select rolsuper, rolcreatedb, rolcreaterole from pg_roles where rolname = $1", [
      ADMINISTRATOR,
    ]);
    assert.deepEqual(row, { rolsuper: false, rolcreatedb: true, rolcreaterole: true });
  });

  it("does not change the second time, which costs only one login as the role", async () => {
    const first = await lease("settled", ["citext"]);
    const stored = "select rolpassword, oid from pg_authid where rolname = 'settled'";
    const before = await sql(await superuser(), stored);
    const withoutAdministrator: LocalServer = {
      ...server,
      credentials: { ...server.credentials, get: async (login) => (login === "settled" ? first.password : "wrong") },
    };
    const second = await postgres.lease(withoutAdministrator, {
      id: "shop.settled",
      name: "settled",
      options: options({ extensions: ["citext"] }),
    });
    assert.deepEqual(second, first);
    assert.deepEqual(await sql(await superuser(), stored), before);
  });

  it("works for several settings leased concurrently", async () => {
    const names = ["at_once_a", "at_once_b", "at_once_c", "at_once_d"];
    const all = await Promise.all(names.map((name) => lease(name, ["hstore"])));
    for (const fields of all) assert.deepEqual(await sql(fields, "select 'a=>1'::hstore -> 'a' as a"), [{ a: "1" }]);
  });

  it("has its extensions and their dependencies, created by the role that is allowed to", async () => {
    const fields = await lease("extended", ["earthdistance", "pgcrypto", "postgres_fdw"]);
    const names = (await sql(fields, "select extname from pg_extension order by 1")).map((row) => row["extname"]);
    assert.deepEqual(names, ["cube", "earthdistance", "pgcrypto", "plpgsql", "postgres_fdw"]);
    await lease("extended", ["earthdistance", "pgcrypto", "postgres_fdw", "unaccent"]);
    assert.deepEqual(await sql(fields, "select unaccent('Hôtel') as text"), [{ text: "Hotel" }]);
  });

  it("is refused before anything is created if an extension is not available", async () => {
    await assert.rejects(lease("wishful", ["pgcrypto", "no_such_extension", "vectorish"]), (error: Error & { code: string }) => {
      assert.equal(error.code, "EXTENSION_UNAVAILABLE");
      assert.match(error.message, /no extension no_such_extension, vectorish; it has .*pgcrypto/);
      return true;
    });
    assert.deepEqual(await sql(await superuser(), "select 1 from pg_roles where rolname = 'wishful'"), []);
    assert.deepEqual(await sql(await superuser(), "select 1 from pg_database where datname = 'wishful'"), []);
  });

  it("cannot use a name that PostgreSQL reserves", async () => {
    for (const name of ["postgres", "template1", "pg_stats"]) await assert.rejects(lease(name), { code: "NAME_RESERVED" });
  });

  it("ends its sessions and rejects its login when disabled, and keeps the data for the next lease", async () => {
    const fields = await lease("paused");
    await sql(fields, "create table kept as select 42 as answer");
    const session = new Client({
      host: fields.host,
      port: fields.port,
      user: fields.username,
      password: fields.password,
      database: fields.database,
    });
    const cut = new Promise((resolve) => session.on("error", resolve));
    await session.connect();
    await postgres.disable(server, "paused");
    await cut;
    await assert.rejects(sql(fields, "select 1"), { code: "28000" });
    await postgres.disable(server, "paused");
    const again = await lease("paused");
    assert.deepEqual(again, fields);
    assert.deepEqual(await sql(again, "select answer from kept"), [{ answer: 42 }]);
  });

  it("is dropped with its password, even while it is in use", async () => {
    const fields = await lease("dropped", ["postgres_fdw"]);
    const session = new Client({
      host: fields.host,
      port: fields.port,
      user: fields.username,
      password: fields.password,
      database: fields.database,
    });
    session.on("error", () => undefined);
    await session.connect();
    await postgres.drop(server, "dropped");
    await postgres.drop(server, "dropped");
    assert.deepEqual(await sql(await superuser(), "select 1 from pg_database where datname = 'dropped'"), []);
    assert.deepEqual(await sql(await superuser(), "select 1 from pg_roles where rolname = 'dropped'"), []);
    assert.equal(await server.credentials.find("dropped"), undefined);
  });

  it("can be dropped while a client hangs during login", async () => {
    await lease("hesitated");
    const stuck = connect(server.port, "127.0.0.1").on("error", () => undefined);
    const startup = Buffer.from("\0\0\0\0\0\x03\0\0user\0hesitated\0database\0hesitated\0\0", "latin1");
    startup.writeUInt32BE(startup.length);
    stuck.write(startup);
    await once(stuck, "data");
    await postgres.drop(server, "hesitated");
    stuck.destroy();
  });

  it("supports a password with Unicode characters", async () => {
    await lease("unicode");
    const password = "pä\u00a0ſſwörd Ⅸ";
    await sql(await superuser(), `alter role unicode password '${await scramVerifier(password)}'`);
    const fields = { port: server.port, username: "unicode", password, database: "unicode" };
    assert.deepEqual(await sql(fields, "select 1 as one"), [{ one: 1 }]);
  });

  it("supports a password with characters unknown to SASLprep, which libpq accepts as well", async function () {
    await lease("libpq");
    for (const password of ["pä\u00a0ſſwörd Ⅸ", "Ⅸ 🐘", "\u0007é"]) {
      await sql(await superuser(), `alter role libpq password '${await scramVerifier(password)}'`);
      const args = ["-h", "127.0.0.1", "-p", String(server.port), "-U", "libpq", "-Atc", "select 1", "libpq"];
      const psql = spawnSync("psql", args, { env: { ...process.env, PGPASSWORD: password }, encoding: "utf8" });
      if (psql.error) {
        console.log("SKIP: passwords in libpq: there is no psql on PATH");
        this.skip();
      }
      assert.equal(psql.stdout.trim(), "1", psql.stderr);
    }
  });

  it("leaves no password or verifier in arguments, environments, logs or files that other users can read", async () => {
    const fields = await lease("secretive", ["pgcrypto"]);
    await assert.rejects(sql(await superuser(), "create role postgres_clone password 'SCRAM-SHA-256$4096:abc' nonsense"), {
      code: "42601",
    });
    await assert.rejects(sql({ ...fields, password: "wrong" }, "select 1"));
    const secrets = [
      fields.password,
      await server.credentials.get(ADMINISTRATOR),
      await server.credentials.get(SUPERUSER),
      "SCRAM-SHA-256$",
    ];
    const assertClean = (text: string, where: string) => {
      for (const secret of secrets) assert.ok(!text.includes(secret), `${where} holds a secret`);
    };
    const pids = await processesIn(server.folder);
    assert.ok(pids.length >= 5, "the processes of the server are found by their folder");
    for (const pid of pids) {
      assertClean(await readFile(`/proc/${pid}/cmdline`, "utf8"), "a command line");
      assertClean(await readFile(`/proc/${pid}/environ`, "utf8"), "an environment");
    }
    assertClean((await running?.log()) ?? "", "the log");
    for (const entry of await readdir(server.folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const file = path.join(entry.parentPath, entry.name);
      assert.equal(statSync(file).mode & 0o077, 0, `${entry.name} is readable by others`);
      if (entry.name === "credentials.json") continue;
      const content = readFileSync(file);
      for (const secret of secrets.slice(0, 3)) assert.ok(!content.includes(secret), `${file} holds a password`);
    }
    assert.equal((await stat(server.folder)).mode & 0o777, 0o700);
  });

  it("is repaired when its recorded password was lost", async () => {
    const fields = await lease("forgotten");
    await sql(fields, "create table kept as select 'row' as text");
    await server.credentials.remove("forgotten");
    const again = await lease("forgotten");
    assert.notEqual(again.password, fields.password);
    assert.deepEqual(await sql(again, "select text from kept"), [{ text: "row" }]);
    assert.equal(await credentialsIn(server.folder).find("forgotten"), again.password);
  });
});
