import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { processesIn } from "../../../lib/supervisor/client";
import { skipUnless } from "../../support/prerequisite";
import { eventually } from "../../support/supervised";
import { makeSandbox, POSTGRES, type Sandbox } from "../harness";
import { failsWith, refused } from "./refusals";

/** Prints whether the database answers, and what else the app received. */
const QUERY = `
  const { Client } = require(${JSON.stringify(require.resolve("pg"))});
  const client = new Client({ connectionString: process.env.DATABASE_URL });
  client.connect().then(() => client.query("select 1 as one")).then(({ rows }) => {
    console.log(JSON.stringify({ rows, environment: process.env.ENDOW_ENVIRONMENT, store: process.env.ENDOW_SHARED, cwd: process.cwd() }));
    return client.end();
  });
`;

/** Makes the server write a line to its log. */
const FAIL = `
  const { Client } = require(${JSON.stringify(require.resolve("pg"))});
  const url = new URL(process.env.DATABASE_URL);
  url.password = "wrong";
  new Client({ connectionString: url.href }).connect().catch((error) => console.log(error.message));
`;

/** What migration tools and test runners do. */
const CREATE = `
  const { Client } = require(${JSON.stringify(require.resolve("pg"))});
  const url = new URL(process.env.DATABASE_URL);
  url.pathname = "/postgres";
  const client = new Client({ connectionString: url.href });
  client.connect().then(() => client.query("create database test_shop")).then(() => client.end());
`;

interface Server {
  readonly name: string;
  readonly state: string;
  readonly port: number;
  readonly pid?: number;
}

describe("endow dev, endow run, endow status, endow env and endow logs, with a real PostgreSQL", () => {
  let box: Sandbox;
  let started: Server | undefined;
  before(() => {
    box = makeSandbox(`it's a "shop" for $HOME, ünïcode`);
    box.write("settings.ts", POSTGRES);
    box.write("query.js", QUERY);
  });
  after(() => box.clean());
  const servers = async () => (JSON.parse((await box.run(["status", "--json"])).stdout) as { servers: readonly Server[] }).servers;

  it("report that nothing has been started yet", async () => {
    assert.match((await box.run(["status"])).stdout, /has no servers yet: `endow dev` starts them/);
    assert.deepEqual(await servers(), []);
    failsWith("ENVIRONMENT_NOT_MADE", await box.run(["env"]));
    failsWith("ENVIRONMENT_NOT_MADE", await box.run(["run", "--", "true"]));
    failsWith("SERVER_UNKNOWN", await refused(box, "logs", "postgres"));
    assert.match((await box.run(["dev", "--stop"])).stderr, /no server was running/);
    assert.match((await box.run(["dev", "--down", "--yes"])).stderr, /there was nothing to remove/);
  });

  it("start the servers once for two commands at a time, and both apps reach them", async () => {
    const finished = await Promise.all([1, 2].map(() => box.run(["dev", "--", process.execPath, "query.js"])));
    for (const { code, stdout, stderr } of finished) {
      assert.equal(code, 0, stderr);
      assert.doesNotMatch(stderr, /^warning: /m);
      const seen = JSON.parse(stdout) as Record<string, unknown>;
      assert.deepEqual(seen["rows"], [{ one: 1 }]);
      assert.equal(seen["environment"], "development");
      assert.match(String(seen["store"]), /^file:\/\/.*\/values\/shared\.json$/);
      assert.equal(seen["cwd"], box.root);
    }
    assert.equal(finished.filter(({ stderr }) => /postgres +postgres .* started /.test(stderr)).length, 1);
    const all = await servers();
    assert.equal(all.length, 1);
    started = all[0];
  });

  it("print the values into a pipe, and report no change: values written to .env do not count as supplied", async () => {
    const { stdout, code } = await box.run(["env"], { reveals: true });
    assert.equal(code, 0);
    assert.match(stdout, /^DATABASE_URL=postgresql:\/\/.+@127\.0\.0\.1:\d+\/shared_database_url\nGREETING=hello\n$/);
    const file = box.write(".env", stdout);
    const again = await box.run(["dev"]);
    assert.deepEqual([again.code, again.stdout], [0, "nothing changed: 1 server running\n"]);
    writeFileSync(file, "");
    assert.deepEqual(JSON.parse((await box.run(["env", "--json", "--group", "shared"], { reveals: true })).stdout), {
      DATABASE_URL: stdout.split("\n")[0]?.slice("DATABASE_URL=".length),
      GREETING: "hello",
    });
    failsWith("GROUP_UNKNOWN", await box.run(["env", "--group", "none"]));
  });

  it("show everything with --verbose", async () => {
    const verbose = await box.run(["dev", "--verbose"]);
    assert.match(verbose.stdout, /postgres +postgres +17\.\d+ +\w+ +\d+ +running /);
    assert.match(verbose.stdout, /DATABASE_URL +\*\*\* +postgres\nGREETING +hello +default\n/);
    assert.equal((await servers())[0]?.pid, started?.pid);
  });

  it("print the result as JSON, without secrets", async () => {
    const { stdout } = await box.run(["dev", "--json"]);
    const report = JSON.parse(stdout) as { changed: boolean; servers: { name: string }[]; variables: unknown[] };
    assert.equal(report.changed, false);
    assert.deepEqual(report.variables, [
      { name: "DATABASE_URL", value: "***", from: "postgres" },
      { name: "GREETING", value: "hello", from: "default" },
    ]);
  });

  it("mask secrets on a terminal unless given --reveal", async function () {
    const masked = box.startOnTerminal(["env"]);
    const revealed = box.startOnTerminal(["env", "--reveal"], { reveals: true });
    if (masked === undefined || revealed === undefined) return this.skip();
    assert.match((await masked.finished).stdout, /^DATABASE_URL='\*\*\*'\r?\nGREETING=hello\r?\n$/);
    assert.match((await revealed.finished).stdout, /^DATABASE_URL=postgresql:/);
  });

  it("run a command with the values, and with those the user has set", async () => {
    const { stdout, code, stderr } = await box.run(["run", "--", process.execPath, "query.js"]);
    assert.equal(code, 0, stderr);
    assert.deepEqual((JSON.parse(stdout) as { rows: unknown }).rows, [{ one: 1 }]);
    const own = await box.run(["run", "--", "sh", "-c", 'echo "$DATABASE_URL $GREETING"; exit 3'], {
      env: { GREETING: "hi", DATABASE_URL: "postgresql://own" },
    });
    assert.equal(own.code, 3);
    assert.equal(own.stdout, "postgresql://own hi\n");
  });

  it("show status and logs", async () => {
    const { stdout } = await box.run(["status"]);
    assert.match(stdout, /^SERVER +VERSION +STATE +PORT +PID +UPTIME +RESTARTS\npostgres +17\.\d+ +running +\d+ +\d+ +\d+ \w +0\n$/);
    const one = await box.run(["logs", "postgres", "--lines", "2"]);
    assert.equal(one.stdout.trim().split("\n").length, 2);
    assert.match((await box.run(["logs"])).stdout, /^postgres \| .*database system is ready to accept connections$/m);
    failsWith("SERVER_UNKNOWN", await refused(box, "logs", "redis"));
    const following = box.start(["logs", "--follow", "--lines", "0"]);
    // Repeated, because the command may not follow the log yet when the first line is written.
    await eventually("the log goes on", async () => {
      assert.match((await box.run(["run", "--", process.execPath, "-e", FAIL])).stdout, /password authentication failed/);
      return following.stdout().includes("postgres | ");
    });
    following.child.kill("SIGINT");
    assert.equal((await following.finished).code, 130);
  });

  it("let the app's tools create databases, and list the remaining ones", async () => {
    const created = await box.run(["run", "--", process.execPath, "-e", CREATE]);
    assert.equal(created.code, 0, created.stderr);
    assert.match(
      (await box.run(["status"])).stdout,
      /\npostgres also has databases that apps created: test_shop \(of shared_database_url\)\n$/,
    );
    const [server] = JSON.parse((await box.run(["status", "--json"])).stdout).servers as readonly { readonly created: unknown }[];
    assert.deepEqual(server?.created, [{ name: "test_shop", login: "shared_database_url" }]);
  });

  it("show logs, end when their reader closes the pipe, and fail if the disk is full", async function () {
    const following = box.start(["logs", "--follow", "--lines", "1"]);
    await eventually("a line is shown", () => following.stdout().includes(" | "));
    following.child.stdout?.destroy();
    await box.run(["run", "--", process.execPath, "-e", FAIL]);
    const { code, stderr } = await following.finished;
    assert.deepEqual([code, stderr], [141, ""]);
    skipUnless(this, existsSync("/dev/full"), "there is no /dev/full");
    failsWith("OUTPUT_FAILED", await box.run(["logs"], { into: "/dev/full" }));
  });

  it("refuse a port that another program uses, an unknown server and a broken program", async () => {
    const stranger = createServer().listen(0, "127.0.0.1");
    await once(stranger, "listening");
    try {
      const address = stranger.address();
      const port = typeof address === "object" ? address?.port : undefined;
      failsWith("PORT_TAKEN", await box.run(["dev", "--port", `postgres=${port}`]));
    } finally {
      stranger.close();
    }
    failsWith("SERVER_UNKNOWN", await box.run(["dev", "--port", "redis=5000"]));
    failsWith("SERVER_UNAVAILABLE", await box.run(["dev", "--program", "postgres=/bin/false"]));
  });

  it("stop the servers, and keep their data and port", async () => {
    const { stderr } = await box.run(["dev", "--stop"]);
    assert.match(stderr, /^stopped: postgres\n/m);
    assert.deepEqual(await processesIn(box.state), []);
    assert.equal((await servers())[0]?.state, "stopped");
    failsWith("SERVERS_NOT_RUNNING", await box.run(["run", "--", "true"]));
    assert.match((await box.run(["dev"])).stdout, /postgres .* started /);
    assert.equal((await servers())[0]?.port, started?.port);
  });

  it("warn if a setting's data stays behind with another version", async () => {
    box.write("settings.ts", POSTGRES.replace('"17"', '"16"'));
    const { code, stderr } = await box.run(["dev"]);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /^warning: the data of shared\.databaseUrl stays with version 17 of postgres; .* with pg_dump$/m);
    box.write("settings.ts", POSTGRES);
    assert.equal((await box.run(["dev"])).code, 0);
  });

  it("refuse to leave a setting's data behind on another server without --move", async () => {
    box.write("settings.ts", POSTGRES.replace("{ version", '{ server: "other", version'));
    failsWith("SERVER_MOVED", await box.run(["dev"]));
    failsWith("SETTING_UNKNOWN", await box.run(["dev", "--move", "shared.greeting"]));
    failsWith("OPTIONS_CLASH", await box.run(["dev", "--stop", "--move", "shared.databaseUrl"]));
    const { code, stderr } = await box.run(["dev", "--move", "shared.databaseUrl"]);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /^warning: the data of shared\.databaseUrl stays on postgres; postgres-other starts empty/m);
    box.write("settings.ts", POSTGRES);
    assert.equal((await box.run(["dev", "--move", "shared.databaseUrl"])).code, 0);
  });

  it("delete everything once confirmed, and leave no process and no file", async () => {
    failsWith("CONFIRMATION_NEEDED", await box.run(["dev", "--down"]));
    assert.deepEqual(
      (await servers()).filter(({ state }) => state === "running").map(({ name }) => name),
      ["postgres"],
    );
    box.write(".env", (await box.run(["env"], { reveals: true })).stdout);
    const { stderr, code } = await box.run(["dev", "--down", "--yes"]);
    assert.equal(code, 0);
    assert.match(stderr, /^warning: values of the deleted servers are left in \.env line 1 \(DATABASE_URL\): delete them, or /m);
    assert.match(stderr, /^stopped: postgres\nremoved: .*\/development\nNothing is left of this environment\.$/m);
    assert.deepEqual(await processesIn(box.state), []);
    assert.deepEqual(readdirSync(path.join(box.state, "endow")), []);
  });
});
