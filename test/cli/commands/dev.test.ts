import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { once } from "node:events";
import { processesIn } from "../../../lib/supervisor/client";
import { eventually } from "../../support/supervised";
import { makeSandbox, PLAIN, POSTGRES, type Finished, type Sandbox } from "../harness";

const failsWith = (code: string, { code: exitCode, stdout, stderr }: Finished) => {
  assert.equal(exitCode, 1, stderr);
  assert.match(stderr, new RegExp(`code: ${code}\n`));
  assert.match(stderr, /fix: /);
  assert.doesNotMatch(stderr, /^ {4}at /m);
  assert.equal(stdout, "");
};

/** Prints whether the database answers, and what else the app got. */
const QUERY = `
  const { Client } = require(${JSON.stringify(require.resolve("pg"))});
  const client = new Client({ connectionString: process.env.DATABASE_URL });
  client.connect().then(() => client.query("select 1 as one")).then(({ rows }) => {
    console.log(JSON.stringify({ rows, environment: process.env.ENDOW_ENVIRONMENT, store: process.env.ENDOW_SHARED, cwd: process.cwd() }));
    return client.end();
  });
`;

/** Has the server write a line into its log. */
const FAIL = `
  const { Client } = require(${JSON.stringify(require.resolve("pg"))});
  const url = new URL(process.env.DATABASE_URL);
  url.password = "wrong";
  new Client({ connectionString: url.href }).connect().catch((error) => console.log(error.message));
`;

describe("endow dev, endow run, endow status, endow env and endow logs, with a real PostgreSQL", () => {
  let box: Sandbox;
  before(() => {
    box = makeSandbox(`it's a "shop" for $HOME, ünïcode`);
    box.write("settings.ts", POSTGRES);
    box.write("query.js", QUERY);
  });
  after(() => box.clean());
  const servers = async () =>
    (JSON.parse((await box.run(["status", "--json"])).stdout) as { servers: { name: string; state: string; port: number; pid?: number }[] })
      .servers;

  it("without anything started say so", async () => {
    assert.match((await box.run(["status"])).stdout, /no servers .* are known: `endow dev` starts them/);
    assert.deepEqual(await servers(), []);
    failsWith("ENVIRONMENT_NOT_MADE", await box.run(["env"]));
    failsWith("ENVIRONMENT_NOT_MADE", await box.run(["run", "--", "true"]));
    failsWith("SERVER_UNKNOWN", await box.run(["logs", "postgres-17"]));
    assert.match((await box.run(["dev", "--stop"])).stderr, /no server was running/);
    assert.match((await box.run(["dev", "--down", "--yes"])).stderr, /there was nothing to remove/);
  });

  it("two at once bring the servers up once, and both apps reach them", async () => {
    const finished = await Promise.all([1, 2].map(() => box.run(["dev", "--", process.execPath, "query.js"])));
    for (const { code, stdout, stderr } of finished) {
      assert.equal(code, 0, stderr);
      const seen = JSON.parse(stdout) as Record<string, unknown>;
      assert.deepEqual(seen["rows"], [{ one: 1 }]);
      assert.equal(seen["environment"], "development");
      assert.match(String(seen["store"]), /^file:\/\/.*\/values\/shared\.json$/);
      assert.equal(seen["cwd"], box.root);
    }
    assert.equal(finished.filter(({ stderr }) => /postgres-17 +postgres .* started /.test(stderr)).length, 1);
    assert.equal((await servers()).length, 1);
  });

  it("say that nothing changed when nothing did, and show all when asked", async () => {
    const [before] = await servers();
    const { stdout, code } = await box.run(["dev"]);
    assert.equal(code, 0);
    assert.equal(stdout, "nothing changed: 1 server running\n");
    const verbose = await box.run(["dev", "--verbose"]);
    assert.match(verbose.stdout, /postgres-17 +postgres +17\.\d+ +\w+ +\d+ +running /);
    assert.match(verbose.stdout, /DATABASE_URL +\*\*\* +postgres-17\nGREETING +hello +default\n/);
    assert.equal((await servers())[0]?.pid, before?.pid);
  });

  it("give the result as JSON, without secrets", async () => {
    const { stdout } = await box.run(["dev", "--json"]);
    const report = JSON.parse(stdout) as { changed: boolean; servers: { name: string }[]; variables: unknown[] };
    assert.equal(report.changed, false);
    assert.deepEqual(report.variables, [
      { name: "DATABASE_URL", value: "***", from: "postgres-17" },
      { name: "GREETING", value: "hello", from: "default" },
    ]);
  });

  it("print the values into a pipe, and what was written to .env is not taken for supplied", async () => {
    const { stdout, code } = await box.run(["env"], { reveals: true });
    assert.equal(code, 0);
    assert.match(stdout, /^DATABASE_URL=postgresql:\/\/.+@127\.0\.0\.1:\d+\/shared_database_url\n$/);
    const file = box.write(".env", stdout);
    assert.equal((await box.run(["dev"])).stdout, "nothing changed: 1 server running\n");
    writeFileSync(file, "");
    assert.deepEqual(JSON.parse((await box.run(["env", "--json", "--group", "shared"], { reveals: true })).stdout), {
      DATABASE_URL: stdout.trim().slice("DATABASE_URL=".length),
    });
    failsWith("GROUP_UNKNOWN", await box.run(["env", "--group", "none"]));
  });

  it("mask secrets on a terminal, until told to reveal them", async function () {
    const masked = box.startOnTerminal(["env"]);
    const revealed = box.startOnTerminal(["env", "--reveal"], { reveals: true });
    if (masked === undefined || revealed === undefined) return this.skip();
    assert.match((await masked.finished).stdout, /^DATABASE_URL='\*\*\*'\r?\n$/);
    assert.match((await revealed.finished).stdout, /^DATABASE_URL=postgresql:/);
  });

  it("run a command with the values, and with what a person has set for it", async () => {
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
    assert.match(stdout, /^SERVER +VERSION +STATE +PORT +PID +UPTIME +RESTARTS\npostgres-17 +17\.\d+ +running +\d+ +\d+ +\d+ \w +0\n$/);
    const one = await box.run(["logs", "postgres-17", "--lines", "2"]);
    assert.equal(one.stdout.trim().split("\n").length, 2);
    assert.match((await box.run(["logs"])).stdout, /^postgres-17 \| .*database system is ready to accept connections$/m);
    failsWith("SERVER_UNKNOWN", await box.run(["logs", "redis"]));
    const following = box.start(["logs", "--follow", "--lines", "0"]);
    assert.match((await box.run(["run", "--", process.execPath, "-e", FAIL])).stdout, /password authentication failed/);
    await eventually("the log goes on", () => following.stdout().includes("postgres-17 | "));
    following.child.kill("SIGINT");
    assert.equal((await following.finished).code, 130);
  });

  it("refuse a port that another program uses, and a server that is none", async () => {
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
    failsWith("SERVER_UNAVAILABLE", await box.run(["dev", "--program", "postgres-17=/bin/false"]));
  });

  it("stop the servers, and keep their data and port", async () => {
    const [before] = await servers();
    const { stderr } = await box.run(["dev", "--stop"]);
    assert.match(stderr, /^stopped: postgres-17\n/);
    assert.deepEqual(await processesIn(box.state), []);
    assert.equal((await servers())[0]?.state, "stopped");
    failsWith("SERVERS_NOT_RUNNING", await box.run(["run", "--", "true"]));
    assert.match((await box.run(["dev"])).stdout, /postgres-17 .* started /);
    assert.equal((await servers())[0]?.port, before?.port);
  });

  it("delete everything when told to twice, and leave no process and no file", async () => {
    failsWith("CONFIRMATION_NEEDED", await box.run(["dev", "--down"]));
    assert.equal((await servers())[0]?.state, "running");
    const { stderr, code } = await box.run(["dev", "--down", "--yes"]);
    assert.equal(code, 0);
    assert.match(stderr, /^stopped: postgres-17\nremoved: .*\/development\nNothing is left of this environment\.\n$/);
    assert.deepEqual(await processesIn(box.state), []);
    assert.ok(!existsSync(path.join(box.state, "endow", "it-s-a-shop-for-home-ncod", "development")));
  });
});

describe("endow dev", () => {
  let box: Sandbox;
  beforeEach(() => (box = makeSandbox()));
  afterEach(() => box.clean());

  it("names every missing value, with its fix, before anything is started", async () => {
    box.write(
      "settings.ts",
      'import { settings, secret, postgresUrl } from "endow";\nexport const a = settings("a", { databaseUrl: postgresUrl(), apiKey: secret(), otherToken: secret() });\n',
    );
    const finished = await box.run(["dev", "--", "echo", "no"]);
    failsWith("VALUES_MISSING", finished);
    assert.match(finished.stderr, /API_KEY=\.\.\. into \.env[^]*OTHER_TOKEN=\.\.\. into \.env/);
    assert.ok(!existsSync(path.join(box.state, "endow")));
  });

  it("refuses supplied values that the app could not load, with those that are missing, before anything is started", async () => {
    box.write(
      "settings.ts",
      `import { settings, secret, postgresUrl } from "endow";
import { z } from "zod";
export const a = settings("a", { databaseUrl: postgresUrl({ alias: "DB_URL" }), port: z.number(), key: secret() });
`,
    );
    box.write(".env", "DB_URL=postgres://u:pass-word@ss@h/d\nPORT=many\n");
    const finished = await box.run(["dev", "--", "echo", "no"]);
    failsWith("PLAN_PROBLEMS", finished);
    for (const name of ["DB_URL", "PORT", "KEY"]) assert.equal(finished.stderr.match(new RegExp(`^ {2}- ${name} `, "gm"))?.length, 1, name);
    assert.doesNotMatch(finished.stderr, /pass-word/);
    assert.ok(!existsSync(path.join(box.state, "endow")));
  });

  it("warns where a setting's data stays behind on another server", async () => {
    for (const [version, warning] of [
      ["17", false],
      ["16", true],
    ] as const) {
      box.write("settings.ts", POSTGRES.replace('"17"', `"${version}"`));
      const { code, stderr } = await box.run(["dev"]);
      assert.equal(code, 0, stderr);
      assert.equal(/^warning: the data of shared\.databaseUrl stays on postgres-17; /m.test(stderr), warning, stderr);
    }
  });

  it("gives the app what is in .env, also a value that is in a file", async () => {
    box.write(
      "settings.ts",
      'import { settings, secret } from "endow";\nexport const a = settings("a", { apiKey: secret(), otherToken: secret() });\n',
    );
    box.write(".env", "API_KEY='from \"dotenv\"'\nOTHER_TOKEN_FILE=./token\nUNRELATED=x\n");
    const command = ["dev", "--", "sh", "-c", 'echo "$API_KEY|$OTHER_TOKEN|$OTHER_TOKEN_FILE|$UNRELATED"'];
    assert.equal((await box.run(command)).stdout, 'from "dotenv"||./token|\n');
    assert.equal((await box.run(["env"])).stdout, "API_KEY='from \"dotenv\"'\nOTHER_TOKEN_FILE=./token\n");
    box.write(".env", "not a value\n");
    failsWith("DOTENV_INVALID", await box.run(command));
  });

  it("runs without a server that cannot be had, when no setting needs it, and says how to get it", async () => {
    const settings = (more: string) =>
      `import { settings, postgresUrl } from "endow";\nexport const a = settings("a", { databaseUrl: postgresUrl({ version: "17" })${more} });\n`;
    box.write("settings.ts", settings(".optional()"));
    const command = ["dev", "--program", "postgres=/bin/false", "--", "sh", "-c", 'echo "[$DATABASE_URL]"'];
    const optional = await box.run(command);
    assert.equal(optional.code, 0, optional.stderr);
    assert.equal(optional.stdout, "[]\n");
    assert.match(optional.stderr, /^warning: postgres-17 is not available, and the app runs without it: .*\n {2}fix: /m);
    box.write("settings.ts", settings(""));
    failsWith("SERVER_UNAVAILABLE", await box.run(command));
  });

  it("refuses a settings file that is not there, does not compile, throws, exports no group or is not valid", async () => {
    failsWith("DECLARATION_NOT_FOUND", await box.run(["dev"]));
    const cases = {
      DECLARATION_NOT_COMPILED: "const = 1;",
      DECLARATION_THROWS: "throw new Error('no');",
      DECLARATION_EMPTY: "export const a = 1;",
      DECLARATION_INVALID: 'import { settings } from "endow"; export const a = settings("a", {});',
    };
    for (const [code, text] of Object.entries(cases)) {
      box.write("settings.ts", text);
      failsWith(code, await box.run(["dev"]));
    }
    failsWith("DECLARATION_NOT_FOUND", await box.run(["dev", "--settings", "other.ts"]));
  });

  it("refuses an environment that is none or not this machine's, a bad project and a folder that is none", async () => {
    box.write("settings.ts", PLAIN);
    failsWith("ENVIRONMENT_UNKNOWN", await box.run(["dev", "--environment", "nowhere"]));
    failsWith("ENVIRONMENT_UNKNOWN", await box.run(["dev", "--environment", "a=nothing"]));
    failsWith("ENVIRONMENT_NOT_LOCAL", await box.run(["dev", "--environment", "production"]));
    failsWith("ENVIRONMENT_NAME", await box.run(["status", "--environment", "../../x=development"]));
    failsWith("PROJECT_NAME", await box.run(["dev", "--project", "my shop"]));
    failsWith("FOLDER_NOT_FOUND", await box.run(["dev", "--cwd", "none"]));
    failsWith("OPTIONS_CLASH", await box.run(["dev", "--stop", "--down"]));
    failsWith("OPTIONS_CLASH", await box.run(["dev", "--stop", "--", "true"]));
    failsWith("OPTIONS_CLASH", await box.run(["dev", "--json", "--", "true"]));
  });

  it("refuses a state folder that cannot be written in", async () => {
    box.write("settings.ts", PLAIN);
    const file = box.write("file", "");
    failsWith("FOLDER_NOT_WRITABLE", await box.run(["dev"], { env: { XDG_STATE_HOME: file } }));
  });

  it("keeps what a settings file prints out of its own output", async () => {
    box.write("settings.ts", `${PLAIN}console.log("noise");\nsetInterval(() => undefined, 1000);\n`);
    const { stdout, stderr } = await box.run(["dev", "--json"]);
    assert.equal((JSON.parse(stdout) as { changed: boolean }).changed, true);
    assert.match(stderr, /^noise\n/);
  });
});
