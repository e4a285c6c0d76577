import assert from "node:assert/strict";
import { createServer } from "node:net";
import { once } from "node:events";
import type { Step } from "../../../lib/kind";
import { postgres } from "../../../lib/local/postgres";
import { addressOf } from "../../../lib/local/postgres/address";
import { ADMINISTRATOR, SUPERUSER } from "../../../lib/local/postgres/logins";
import type { LocalServer } from "../../../lib/local/recipe";
import { type StepTarget, connected, query, runSteps } from "../../../lib/roles/postgres/run";
import { localServer, options, start, temporaryFolder } from "../../support/postgres-server";
import type { RunningService } from "../../support/run-service";

const inDatabase = (run: string, unless?: string): Step => ({ on: "database", run, ...(unless !== undefined && { unless }) });

describe("role steps on a PostgreSQL server", () => {
  let home: Awaited<ReturnType<typeof temporaryFolder>>;
  let server: LocalServer;
  let running: RunningService | undefined;
  let target: StepTarget;
  before(async () => {
    home = await temporaryFolder();
    server = await localServer(home.folder);
    running = await start(server);
    await postgres.lease(server, { id: "shop.app", name: "app", options: options() });
    const administrator = { username: ADMINISTRATOR, password: await server.credentials.get(ADMINISTRATOR) };
    target = { ...addressOf(server), administrator, database: "app" };
  });
  after(async () => {
    await running?.stop();
    await home.remove();
  });

  const rows = (text: string) => connected(target, target.administrator, "app", (client) => query(client, text, "look"));

  it("run in order, each in its database, and only if needed", async () => {
    const steps: Step[] = [
      inDatabase("create table seen (who text, place text)", "select 1 from pg_tables where tablename = 'seen'"),
      inDatabase("insert into seen values (current_user, current_database())", "select 1 from seen"),
      { on: "server", run: "select 1", unless: "select 1 where current_database() = 'postgres'" },
    ];
    assert.equal(await runSteps(steps, target), 2);
    assert.deepEqual(await rows("select who, place from seen"), [{ who: ADMINISTRATOR, place: "app" }]);
    assert.equal(await runSteps(steps, target), 0);
  });

  it("run as another role if the administrator has one", async () => {
    const password = await server.credentials.get(SUPERUSER);
    const superuser = { ...target, administrator: { username: SUPERUSER, password, role: ADMINISTRATOR } };
    assert.equal(await runSteps([inDatabase("create table by_role (id int)")], superuser), 1);
    assert.deepEqual(await rows("select tableowner from pg_tables where tablename = 'by_role'"), [{ tableowner: ADMINISTRATOR }]);
    await assert.rejects(runSteps([inDatabase("select * from pg_authid")], superuser), { code: "STATEMENT_REFUSED", message: /42501/ });
  });

  it("are serialized across concurrent runs", async () => {
    const steps = [
      inDatabase("create table if not exists turns (id int)"),
      inDatabase("insert into turns select count(*) from turns, pg_sleep(0.05)", "select 1 from turns"),
    ];
    await Promise.all([1, 2, 3, 4].map(() => runSteps(steps, target)));
    assert.deepEqual(await rows("select count(*)::int as n from turns"), [{ n: 1 }]);
  });

  it("stop at the first failure, which names the step and the SQLSTATE but no value", async () => {
    const steps = [
      inDatabase("create table if not exists before_it (id int)"),
      inDatabase("insert into before_it values ('a value that stays private')"),
      inDatabase("create table after_it (id int)"),
    ];
    await assert.rejects(runSteps(steps, target), (error: Error & { code: string }) => {
      assert.equal(error.code, "STATEMENT_REFUSED");
      assert.match(error.message, /role step 2 of 3, "insert into before" \(SQLSTATE 22P02\)/);
      assert.ok(!error.message.includes("private"));
      return true;
    });
    assert.deepEqual(await rows("select to_regclass('after_it') as found"), [{ found: null }]);
  });

  it("release the lock when they fail", async () => {
    await assert.rejects(runSteps([inDatabase("select 1/0")], target), { code: "STATEMENT_REFUSED" });
    assert.equal(await runSteps([inDatabase("select 1")], target), 1);
  });

  it("report the rejected login, but never its password", async () => {
    const wrong = { ...target, administrator: { ...target.administrator, password: "a wrong password" } };
    await assert.rejects(runSteps([], wrong), (error: Error & { code: string }) => {
      assert.equal(error.code, "PASSWORD_REFUSED");
      assert.match(error.message, new RegExp(`${ADMINISTRATOR} on 127.0.0.1:${server.port}/postgres`));
      assert.ok(!error.message.includes("a wrong password"));
      return true;
    });
  });

  it("ignore PostgreSQL variables in the caller's environment", async () => {
    process.env["PGOPTIONS"] = "-c default_transaction_read_only=on";
    try {
      assert.equal(await runSteps([inDatabase("create table writable (id int)")], target), 1);
    } finally {
      delete process.env["PGOPTIONS"];
    }
  });

  it("report a server that does not answer: nothing listens, or a foreign listener stays silent", async () => {
    const stranger = createServer((socket) => socket.on("error", () => undefined).resume()).listen(0, "127.0.0.1");
    await once(stranger, "listening");
    const address = stranger.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    await assert.rejects(runSteps([], { ...target, port }), { code: "SERVER_UNREACHABLE" });
    stranger.close();
    await once(stranger, "close");
    await assert.rejects(runSteps([], { ...target, port }), {
      code: "SERVER_UNREACHABLE",
      message: new RegExp(`PostgreSQL does not answer on 127\\.0\\.0\\.1:${port} \\(ECONNREFUSED\\)`),
    });
  });
});
