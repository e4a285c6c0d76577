import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { processesIn } from "../../lib/supervisor/client";
import { identify, isAlive } from "../../lib/supervisor/processes";
import { makeSandbox, POSTGRES, type Sandbox } from "../cli/harness";
import { runProgram } from "../support/faults-machine";

const LIBRARY = path.join(__dirname, "../../lib/index.js");

/** An app that loads one setting of every kind. */
const APP = `
const { settings, load, postgresUrl, redisUrl, bucket, secret, apiKeys, setting } = require(${JSON.stringify(LIBRARY)});
const { z } = require(${JSON.stringify(require.resolve("zod"))});
const shared = settings("shared", {
  databaseUrl: postgresUrl(), redisUrl: redisUrl(), uploads: bucket(), signing: secret(), apiKeys: apiKeys(),
  port: z.number().int(), verbose: z.boolean(), limits: z.object({ rate: z.number() }),
});
load(shared).then(() => console.log("loaded"), (error) => { console.error(error.message); process.exit(1); });
`;

const GOOD = {
  DATABASE_URL: "postgresql://app:pass-word-one@127.0.0.1:5432/app",
  REDIS_URL: "redis://app:pass-word-two@127.0.0.1:6379/0",
  UPLOADS_BUCKET: "uploads",
  UPLOADS_REGION: "us-east-1",
  UPLOADS_ENDPOINT: "http://127.0.0.1:9000",
  UPLOADS_ACCESS_KEY_ID: "uploads",
  UPLOADS_SECRET_ACCESS_KEY: "pass-word-three",
  SIGNING: "pass-word-four-pass-word-four-pass-word",
  API_KEYS: "pass-word-five-pass-word-five:team",
  PORT: "8000",
  VERBOSE: "yes",
  LIMITS: '{"rate":1}',
};

const NAMES = ["DATABASE_URL", "REDIS_URL", "UPLOADS_BUCKET", "SIGNING", "API_KEYS", "PORT", "VERBOSE", "LIMITS"];

const WRONG = {
  DATABASE_URL: "mysql://app:pass-word-one@127.0.0.1/app",
  REDIS_URL: "pass-word-two",
  UPLOADS_ENDPOINT: "pass-word-three",
  API_KEYS: "pass-word-five",
  PORT: "pass-word-six",
  VERBOSE: "pass-word-seven",
  LIMITS: "{pass-word-eight",
};

describe("an app whose values are", () => {
  let box: Sandbox;
  before(() => {
    box = makeSandbox();
    box.write("app.js", APP);
    box.write("settings.ts", POSTGRES);
  });
  after(() => box.clean());
  const start = (env: NodeJS.ProcessEnv) => runProgram([process.execPath, "app.js"], box.root, { PATH: process.env["PATH"], ...env });
  const assertNames = (stderr: string, names: readonly string[]) => {
    assert.deepEqual(
      names.filter((name) => !stderr.includes(name)),
      [],
      stderr,
    );
    assert.equal(stderr.match(/configuration errors:/g)?.length, 1, stderr);
    assert.doesNotMatch(stderr, /pass-word/);
  };

  it("right starts", async () => assert.equal((await start(GOOD)).stdout, "loaded\n"));

  it("missing ends with one error that names all of them", async () => {
    const { code, stderr } = await start({});
    assert.equal(code, 1);
    assertNames(stderr, NAMES);
  });

  it("wrong ends with one error that names all of them and quotes none", async () => {
    const { code, stderr } = await start({ ...GOOD, ...WRONG });
    assert.equal(code, 1);
    assertNames(stderr, Object.keys(WRONG));
  });

  for (const name of ["UPLOADS_BUCKET", "UPLOADS_REGION", "UPLOADS_ACCESS_KEY_ID", "UPLOADS_SECRET_ACCESS_KEY"])
    it(`half there, without ${name}, ends with one error that names it`, async () => {
      const { code, stderr } = await start({ ...GOOD, [name]: "" });
      assert.equal(code, 1);
      assertNames(stderr, [`${name} must be set`]);
    });

  it("given twice ends with one error that names all of them", async () => {
    const file = box.write("value", "pass-word-nine");
    const twice = Object.fromEntries(NAMES.map((name) => [`${name}_FILE`, file]));
    const { code, stderr } = await start({ ...GOOD, ...twice });
    assert.equal(code, 1);
    assertNames(
      stderr,
      NAMES.map((name) => `${name}_FILE`),
    );
  });

  it("for an environment that is unknown is told so, and by the command line too", async () => {
    const app = await start({ ...GOOD, ENDOW_ENVIRONMENT: "produktion" });
    assert.equal(app.code, 1);
    assert.match(app.stderr, /produktion/);
    const { code, stderr } = await box.run(["dev", "--environment", "produktion"]);
    assert.equal(code, 1);
    assert.match(stderr, /produktion[\s\S]*fix: /);
    assert.deepEqual(await processesIn(box.root), []);
  });
});

describe("`endow dev`", () => {
  let box: Sandbox;
  before(() => {
    box = makeSandbox(`a "shop's" $HOME %41 #1, ünï`);
    box.write("settings.ts", POSTGRES);
  });
  after(() => box.clean());

  it("given at once twice, in a folder of an odd name, runs both apps on the same servers", async () => {
    const print = [
      "-p",
      "process.env.DATABASE_URL.length > 20 && require('node:crypto').createHash('sha256').update(process.env.DATABASE_URL).digest('hex')",
    ];
    const runs = await Promise.all([1, 2].map(() => box.run(["dev", "--", process.execPath, ...print])));
    for (const { code, stderr } of runs) assert.equal(code, 0, stderr);
    assert.match(runs[0]?.stdout ?? "", /^[0-9a-f]{64}\n$/);
    assert.equal(runs[0]?.stdout, runs[1]?.stdout);
  });

  it("ends no stranger that a forged state file names", async () => {
    const stranger = spawn("sleep", ["1000"], { stdio: "ignore" });
    try {
      await once(stranger, "spawn");
      const identity = identify(stranger.pid ?? 0) ?? assert.fail("it does not run");
      assert.equal((await box.run(["dev", "--stop"])).code, 0);
      const file = readdirSync(box.state, { recursive: true, encoding: "utf8" }).find((each) => path.basename(each) === "state.json") ?? "";
      const state = JSON.parse(readFileSync(path.join(box.state, file), "utf8")) as { services: object[] };
      const services = state.services.map((service) => ({ ...service, status: "running", identity }));
      writeFileSync(path.join(box.state, file), JSON.stringify({ ...state, supervisor: identity, services }));
      for (const parameters of [["dev"], ["dev", "--stop"], ["dev", "--down", "--yes"]]) {
        const { code, stderr } = await box.run(parameters);
        assert.equal(code, 0, stderr);
        assert.ok(isAlive(identity), `${parameters.join(" ")} ended a stranger`);
      }
    } finally {
      stranger.kill("SIGKILL");
    }
  });
});
