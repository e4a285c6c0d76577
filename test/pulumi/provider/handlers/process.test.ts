import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { once } from "node:events";
import { chmod, mkdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import path from "node:path";
import { freePort, isFree } from "../../../../lib/local/ports";
import { process as app } from "../../../../lib/pulumi/provider/handlers/process";
import { statusOf, stopAll } from "../../../../lib/supervisor/client";
import { identify, isAlive, type Identity } from "../../../../lib/supervisor/processes";
import { checked, created, makeStack, updated, type LocalStack } from "../../../support/local-stack";
import { skipUnless } from "../../../support/prerequisite";
import { eventually, kill } from "../../../support/supervised";

const SECRET = `s3cret-Value-${randomUUID()}`;

/** Answers with its environment and folder, and with 503 to the first requests for `/health`. */
const APP = `
let asked = 0;
const { createServer } = require("node:http");
require("node:child_process").spawn("sleep", ["1000"], { stdio: "ignore" });
createServer((request, response) => {
  if (request.url === "/health" && ++asked < 3) response.statusCode = 503;
  response.end(JSON.stringify({ env: process.env, cwd: process.cwd() }));
}).listen(Number(process.env.PORT), "127.0.0.1");
`;

describe("a process of a stack", () => {
  let stack: LocalStack;
  let port: number;
  beforeEach(async () => {
    stack = await makeStack("process");
    port = await freePort();
    await writeFile(path.join(stack.root, "app.js"), APP);
  });
  afterEach(() => stack.clean());

  const web = (more: object = {}) => ({
    environment: stack.environment,
    name: "web",
    command: [process.execPath, "app.js"],
    cwd: stack.root,
    port,
    health: "/health",
    variables: { API_KEY: SECRET },
    ...more,
  });
  const seen = async () => (await (await fetch(`http://127.0.0.1:${port}/`)).json()) as { env: Record<string, string>; cwd: string };
  const service = async () => (await statusOf(stack.folder())).services.find(({ name }) => name === "app-web");
  const identityOf = async (): Promise<Identity> => identify((await service())?.pid ?? 0) ?? assert.fail("it does not run");
  const group = ({ pid }: Identity): string[] =>
    execFileSync("ps", ["-eo", "pgid=,stat=,pid="], { encoding: "utf8" })
      .split("\n")
      .map((line) => line.trim().split(/\s+/))
      .filter(([own, state]) => own === String(pid) && !state?.startsWith("Z"))
      .map(([, , one = ""]) => one);

  it("runs in its folder, with its variables and its port, and is ready when reported ready", async () => {
    const state = await created(app, web(), stack.context);
    assert.deepEqual(state.outputs, {
      folder: stack.folder(),
      url: `http://127.0.0.1:${port}`,
      log: path.join(stack.folder(), "logs/app-web.log"),
      running: true,
    });
    const { env, cwd } = await seen();
    assert.deepEqual([env["API_KEY"], env["PORT"], env["PATH"], cwd], [SECRET, String(port), process.env["PATH"], stack.root]);
    assert.deepEqual([await app.drifted?.(state), await app.read(state)], [[], state]);
    const before = await identityOf();
    assert.deepEqual(await created(app, web(), stack.context), state);
    assert.deepEqual(await identityOf(), before);
  });

  it("gets every value unchanged, with any characters", async () => {
    const odd = { QUOTES: `it's "$HOME" \`id\` \\ $(id)`, LINES: "-----BEGIN\nä\n", EMPTY: "", SPACES: "  a  " };
    await created(app, web({ variables: odd }), stack.context);
    const { env } = await seen();
    assert.deepEqual(Object.fromEntries(Object.keys(odd).map((name) => [name, env[name]])), odd);
  });

  it("is restarted when a value changes, and only then", async () => {
    const state = await created(app, web(), stack.context);
    const before = await identityOf();
    const same = await updated(app, state, { health: undefined }, stack.context);
    assert.deepEqual(await identityOf(), before);
    await updated(app, same, { variables: { API_KEY: "another" } }, stack.context);
    assert.equal((await seen()).env["API_KEY"], "another");
    assert.deepEqual([isAlive(before), group(before)], [false, []]);
  });

  it("keeps its secrets in one file that only its owner can read", async () => {
    const state = await created(app, web(), stack.context);
    assert.equal((await stat(path.join(state.id, "variables.sh"))).mode & 0o777, 0o600);
    assert.equal((await stat(state.id)).mode & 0o777, 0o700);
    const holding = execFileSync("grep", ["-rlF", SECRET, stack.folder()], { encoding: "utf8" }).trim();
    assert.equal(holding, path.join(state.id, "variables.sh"));
    assert.ok(!execFileSync("ps", ["axww"], { encoding: "utf8", maxBuffer: 2 ** 26 }).includes(SECRET));
  });

  it("stops with all its children, and with its supervisor", async () => {
    const state = await created(app, web({ command: ["/bin/sh", "-c", '"$0" app.js & wait', process.execPath] }), stack.context);
    const leader = await identityOf();
    assert.ok(group(leader).length >= 3);
    await app.remove(state, stack.context);
    await app.remove(state, stack.context);
    assert.deepEqual(group(leader), []);
    assert.equal(existsSync(stack.folder()), false);
  });

  it("is tracked by a new supervisor after the old one was killed, and so are its orphans", async () => {
    const state = await created(app, web(), stack.context);
    const leader = await identityOf();
    const killSupervisor = async () => kill(identify((await statusOf(stack.folder())).pid ?? 0) ?? assert.fail("no supervisor runs"));
    await killSupervisor();
    assert.deepEqual(await app.drifted?.(state), []);
    await updated(app, state, {}, stack.context);
    assert.deepEqual(await identityOf(), leader);

    await killSupervisor();
    await kill(leader);
    assert.equal(group(leader).length, 1);
    assert.deepEqual(await app.drifted?.(state), ["running"]);
    await updated(app, state, {}, stack.context);
    assert.deepEqual(group(leader), []);
    const second = await identityOf();

    await killSupervisor();
    await stopAll(stack.folder());
    assert.deepEqual(group(second), []);
  });

  it("that exits during its start is an error with its last output, without its secrets", async () => {
    const command = ["/bin/sh", "-c", 'echo "cannot use $API_KEY"; exit 3'];
    await assert.rejects(created(app, web({ command }), stack.context), (error: Error & { code?: string }) => {
      assert.equal(error.code, "PROCESS_ENDED");
      assert.match(error.message, /it exited with code 3; its log ends:\n {2}cannot use \*\*\*/);
      assert.ok(error.message.includes(path.join(stack.folder(), "logs/app-web.log")));
      return true;
    });
    assert.deepEqual([await service(), existsSync(path.join(stack.folder(), "processes/web"))], [undefined, false]);
  });

  it("with a variable that exceeds the system's limit is rejected by the variable's name, and a running one keeps running", async function () {
    skipUnless(this, process.platform === "linux", "a variable has a largest size on Linux alone");
    const state = await created(app, web(), stack.context);
    const before = await identityOf();
    const LARGE = SECRET.repeat(100_000);
    await assert.rejects(updated(app, state, { variables: { LARGE } }, stack.context), (error: Error & { code?: string }) => {
      assert.equal(error.code, "VARIABLE_TOO_LARGE");
      assert.match(error.message, /^web cannot be started:\n {2}- LARGE has [\d,]+ bytes/);
      return !error.message.includes(SECRET);
    });
    assert.deepEqual(await identityOf(), before);
  });

  it("without a port is ready once it has kept running", async () => {
    const worker = web({ port: undefined, health: undefined, command: ["sleep", "1000"] });
    const { outputs } = await created(app, worker, stack.context);
    assert.equal("url" in outputs, false);
    await assert.rejects(created(app, { ...worker, name: "short", command: ["sleep", "0.2"] }, stack.context), { code: "PROCESS_ENDED" });
  });

  it("does not start on a port that another program uses", async () => {
    const stranger = createServer().listen(port, "127.0.0.1");
    try {
      await once(stranger, "listening");
      await assert.rejects(created(app, web(), stack.context), { code: "PORT_TAKEN" });
    } finally {
      stranger.close();
    }
    assert.equal(await service(), undefined);
  });

  it("keeps running when it cannot move to another port, folder or program", async () => {
    const state = await created(app, web(), stack.context);
    const before = await identityOf();
    const stranger = createServer().listen(0, "127.0.0.1");
    try {
      await once(stranger, "listening");
      const taken = (stranger.address() as { port: number }).port;
      await assert.rejects(updated(app, state, { port: taken }, stack.context), { code: "PORT_TAKEN" });
    } finally {
      stranger.close();
    }
    await assert.rejects(updated(app, state, { cwd: path.join(stack.root, "none") }, stack.context), { code: "WORKING_FOLDER_NOT_FOUND" });
    for (const program of ["no-such-program", "./nothing", "."])
      await assert.rejects(updated(app, state, { command: [program] }, stack.context), { code: "COMMAND_NOT_FOUND" });
    assert.deepEqual(await identityOf(), before);
  });

  it("that is cancelled during its start is stopped", async () => {
    const controller = new AbortController();
    const start = created(app, web({ command: ["sleep", "1000"] }), stack.endedBy(controller.signal));
    const leader = await eventually("it runs", async () => identify((await service())?.pid ?? 0));
    controller.abort(new Error("cancelled"));
    await assert.rejects(start);
    assert.deepEqual([isAlive(leader), await service()], [false, undefined]);
  });

  it("that was stopped is detected, and one whose folder has vanished is created again", async () => {
    const state = await created(app, web(), stack.context);
    await stopAll(stack.folder());
    assert.deepEqual([await app.drifted?.(state), (await app.read(state))?.outputs.running], [["running"], false]);
    await updated(app, state, {}, stack.context);
    await rm(stack.folder(), { recursive: true });
    await eventually("its supervisor has noticed", () => isFree(port));
    assert.deepEqual([await app.drifted?.(state), await app.read(state)], [["running"], undefined]);
    await updated(app, state, {}, stack.context);
    assert.equal((await seen()).env["API_KEY"], SECRET);
  });

  it("is removed when the app's folder is gone", async () => {
    const state = await created(app, web(), stack.context);
    const leader = await identityOf();
    await rename(stack.root, `${stack.root} moved`);
    await app.remove(state, stack.context);
    assert.deepEqual(group(leader), []);
  });

  it("with a command that is not executable is rejected, and a script runs", async () => {
    const script = path.join(stack.root, "bin", "serve");
    await mkdir(path.dirname(script));
    await writeFile(script, `#!/bin/sh\nexec "${process.execPath}" app.js\n`);
    await assert.rejects(created(app, web({ command: ["bin/serve"] }), stack.context), { code: "COMMAND_NOT_FOUND" });
    await chmod(script, 0o755);
    assert.equal((await created(app, web({ command: ["bin/serve"] }), stack.context)).outputs.running, true);
  });

  it("is deleted before its replacement under another name, and requires a port for a health path", () => {
    const before = checked(app, web());
    assert.deepEqual(
      [app.replaces(before, { name: "api" }), app.replaces(before, { port: 1 }), app.deleteBeforeReplace],
      [["name"], [], true],
    );
    assert.throws(() => checked(app, web({ port: undefined })), /requires a port/);
    assert.throws(() => checked(app, web({ variables: { "A B": "" } })), /must be a valid variable name/);
  });
});
