import assert from "node:assert/strict";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { identify, signal } from "../../lib/supervisor/processes";
import path from "node:path";
import { skipUnless } from "../support/prerequisite";
import { eventually } from "../support/supervised";
import { makeSandbox, PLAIN, PUBLISHED, type Running, type Sandbox } from "./harness";

/** Prints when it is ready and which signals it receives, and exits shortly after the first one. */
const APP = `
  const got = [];
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(name, () => {
    got.push(name);
    if (got.length === 1) setTimeout(() => { console.log("got " + got.join(",")); process.exit(42); }, 300);
  });
  setInterval(() => undefined, 1000);
  if (process.argv.includes("tell")) console.log("command " + process.ppid);
  console.log("ready");
`;

const LIBRARY = path.join(__dirname, "../../lib/index.js");

describe("the app that a command runs", () => {
  let box: Sandbox;
  before(() => {
    box = makeSandbox();
    box.write("settings.ts", PLAIN);
    box.write("app.js", APP);
  });
  after(() => box.clean());
  const ready = (running: Running) => eventually("the app is ready", () => running.stdout().includes("ready"));

  it("decides the exit code", async () => {
    assert.equal((await box.run(["dev", "--", "sh", "-c", "exit 7"])).code, 7);
  });

  it("is not started with a variable that exceeds the system's limit; the error names it and the fix", async function () {
    skipUnless(this, process.platform === "linux", "a variable has a largest size on Linux alone");
    const word = "s3cret-Value-of-a-test";
    const text = word.repeat(10_000);
    box.write("large/package.json", '{ "name": "large" }');
    box.write(
      "large/settings.ts",
      'import { settings, secret } from "endow";\nexport const shared = settings("shared", { account: secret() });\n',
    );
    box.write("large/.env", `ACCOUNT=${text}\n`);
    const cwd = path.join(box.root, "large");
    for (const parameters of [
      ["dev", "--", "true"],
      ["run", "--", "true"],
    ]) {
      const { code, stderr } = await box.run(parameters, { cwd });
      assert.equal(code, 1);
      assert.match(
        stderr,
        /ACCOUNT has 220,009 bytes, but Linux allows at most [\d,]+ per variable\n {6}fix: .* set ACCOUNT_FILE to its path/,
      );
      assert.match(stderr, /code: VARIABLE_TOO_LARGE\n$/);
      assert.ok(!stderr.includes(word));
    }
    box.write("large/.env", `ACCOUNT_FILE=${box.write("large/account", text)}\n`);
    const load = `const { settings, secret, loadSync } = require(${JSON.stringify(LIBRARY)});
      console.log(loadSync(settings("shared", { account: secret() })).account.reveal().length);`;
    assert.equal((await box.run(["dev", "--", process.execPath, "-e", load], { cwd })).stdout, `${text.length}\n`);
    assert.equal((await box.run(["dev", "--down", "--yes"], { cwd })).code, 0);
  });

  it("that a signal ends gives 128 plus the signal's number", async () => {
    assert.equal((await box.run(["dev", "--", "sh", "-c", "kill -9 $$"])).code, 137);
    assert.equal((await box.run(["dev", "--", "sh", "-c", "kill -TERM $$"])).code, 143);
  });

  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    it(`receives a ${signal} sent only to the command once`, async () => {
      const running = box.start(["dev", "--", process.execPath, "app.js"]);
      await ready(running);
      running.child.kill(signal);
      const { code, stdout } = await running.finished;
      assert.equal(code, 42);
      assert.equal(stdout, `ready\ngot ${signal}\n`);
    });

  it("receives a terminal's Ctrl-C once", async function () {
    const running = box.startOnTerminal(["dev", "--", process.execPath, "app.js"]);
    if (running === undefined) return this.skip();
    await ready(running);
    running.child.stdin?.write("\u0003");
    const { code, stdout } = await running.finished;
    assert.equal(code, 42);
    assert.match(stdout, /got SIGINT\r?\n/);
  });

  it("receives a SIGINT sent to a command in the foreground of a terminal only if repeated", async function () {
    const running = box.startOnTerminal(["dev", "--", process.execPath, "app.js", "tell"]);
    if (running === undefined) return this.skip();
    await ready(running);
    const command = identify(Number(/command (\d+)/.exec(running.stdout())?.[1])) ?? assert.fail("the command is not running");
    let sent = 0;
    const ended = running.finished.then(() => true);
    do {
      signal(command, "SIGINT");
      sent += 1;
      // Longer than one press may last. On a busy machine the command may see the second one late, and need a third.
    } while (!(await Promise.race([ended, wait(700, false)])));
    const { code, stdout } = await running.finished;
    assert.equal(code, 42);
    assert.match(stdout, /got SIGINT(,SIGINT)*\r?\n/);
    assert.notEqual(sent, 1);
  });

  it("receives a SIGINT sent to a command in the background of a terminal", async function () {
    const inner = [process.execPath, PUBLISHED, "dev", "--", process.execPath, "app.js", "tell"].map((word) => `"${word}"`).join(" ");
    const running = box.startOnTerminal(["dev", "--", "bash", "-mc", `${inner} & wait $!`]);
    if (running === undefined) return this.skip();
    await ready(running);
    process.kill(Number(/command (\d+)/.exec(running.stdout())?.[1]), "SIGINT");
    const { code, stdout } = await running.finished;
    assert.equal(code, 42);
    assert.match(stdout, /got SIGINT\r?\n/);
  });

  it("receives its arguments unchanged and owns standard output: endow prints nothing to it", async () => {
    const odd = ["--stop", "a b", "$HOME", "'", "--", "-x"];
    const script = ["-p", "JSON.stringify(process.argv.slice(1))", "--"];
    const { code, stdout } = await box.run(["dev", "--verbose", "--", process.execPath, ...script, ...odd]);
    assert.deepEqual([code, stdout], [0, `${JSON.stringify(odd)}\n`]);
  });

  it("that cannot be started gives an error with a code", async () => {
    box.write("data.txt", "");
    for (const [command, code] of [
      ["no-such-program", "COMMAND_NOT_FOUND"],
      ["./data.txt", "COMMAND_NOT_STARTED"],
    ] as const) {
      const { code: exitCode, stderr } = await box.run(["dev", "--", command]);
      assert.equal(exitCode, 1);
      assert.match(stderr, new RegExp(`code: ${code}`));
    }
  });

  it("is stopped, with its children, by the next run if its command was killed", async () => {
    const running = box.start(["dev", "--", "sh", "-c", "sleep 1000 & echo $$ $!; wait"]);
    const pids = await eventually("the app is ready", () => /(\d+) (\d+)/.exec(running.stdout())?.slice(1).map(Number));
    await eventually("it is noted", () =>
      readdirSync(box.state, { recursive: true }).some((file) => String(file).endsWith(`${running.pid}.json`)),
    );
    running.child.kill("SIGKILL");
    await once(running.child, "exit");
    const isAlive = (pid: number) => {
      try {
        return process.kill(pid, 0);
      } catch {
        return false;
      }
    };
    assert.deepEqual(pids.map(isAlive), [true, true]);
    const { stderr } = await box.run(["dev"]);
    assert.match(stderr, /stopped 1 app/);
    await eventually("both are gone", () => !pids.some(isAlive));
  });
});
