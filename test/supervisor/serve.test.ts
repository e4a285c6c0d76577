import assert from "node:assert/strict";
import { mkdirSync, readFileSync, rmSync, statSync, truncateSync } from "node:fs";
import { connect } from "node:net";
import path from "node:path";
import { PROTOCOL } from "../../lib/supervisor/protocol";
import { statusOf, type SuperviseOptions } from "../../lib/supervisor/client";
import { isAlive, signal } from "../../lib/supervisor/processes";
import { clientFile, eventually, fileText, type Home, makeHome, runClient } from "../support/supervised";
import { spawn } from "node:child_process";

describe("a supervisor", () => {
  let home: Home;
  beforeEach(() => (home = makeHome()));
  afterEach(() => home.clean());

  const start = async () => {
    const supervisor = await home.supervise();
    const service = home.note((await supervisor.apply(home.service("web"))).pid);
    return { connection: supervisor, service, supervisor: home.note(await home.supervisorPid()) };
  };

  /** Waits until another supervisor with these options exits, so that this one's timeout has passed too. */
  const untilAnotherEnds = async (options: SuperviseOptions): Promise<void> => {
    const other = makeHome();
    try {
      const connection = await other.supervise(options);
      const pid = other.note(await other.supervisorPid());
      connection.close();
      await eventually("another supervisor ends", () => !isAlive(pid));
    } finally {
      await other.clean();
    }
  };

  it("exits once it has had no services and no clients for a while, and not before", async () => {
    const connection = await home.supervise({ idleTimeout: 300 });
    const supervisor = home.note(await home.supervisorPid());
    await connection.apply(home.service("web"));
    await untilAnotherEnds({ idleTimeout: 300 });
    await connection.remove("web");
    assert.equal(isAlive(supervisor), true);
    connection.close();
    await eventually("it ends", () => !isAlive(supervisor));
    assert.equal((await statusOf(home.folder)).supervisor, "none");
  });

  it("limits the log of a long-running service", async () => {
    const connection = await home.supervise();
    const { log, pid } = await connection.apply(home.service("web", "while :; do echo line; sleep 0.05; done"));
    truncateSync(log, 11 * 1024 * 1024);
    await eventually("the log is short again", () => statSync(log).size < 1024 * 1024);
    await eventually("the service goes on writing", () => fileText(log).startsWith("line\n"));
    assert.ok(statSync(`${log}.1`).size > 10 * 1024 * 1024);
    assert.equal((await connection.status())[0]?.pid, pid);
  });

  it("keeps its services running without clients", async () => {
    const connection = await home.supervise({ idleTimeout: 300 });
    const service = home.note((await connection.apply(home.service("web"))).pid);
    const supervisor = home.note(await home.supervisorPid());
    connection.close();
    await untilAnotherEnds({ idleTimeout: 300 });
    assert.deepEqual([service, supervisor].map(isAlive), [true, true]);
  });

  it("with a lease stops everything once its clients are gone, even after kill -9", async () => {
    const service = home.service("web");
    const program = `const s = await client.supervise(${JSON.stringify(home.folder)}, { lease: 300 }); console.log((await s.apply(${JSON.stringify(service)})).pid);`;
    const job = spawn(process.execPath, ["-e", `const client = require(${JSON.stringify(clientFile)}); (async () => { ${program} })()`], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const jobIdentity = home.note(job.pid);
    const pid = await new Promise<number>((resolve) => job.stdout.once("data", (line: Buffer) => resolve(Number(line.toString()))));
    const identities = [home.note(pid), home.note(await home.supervisorPid())];
    await untilAnotherEnds({ lease: 300 });
    assert.deepEqual(identities.map(isAlive), [true, true]);
    signal(jobIdentity, "SIGKILL");
    await eventually("everything ended", () => !identities.some(isAlive));
    assert.equal((await statusOf(home.folder)).services[0]?.status, "stopped");
  });

  it("has a lease of one hour in CI and none elsewhere", async () => {
    const leases: unknown[] = [];
    for (const [CI, option] of [
      ["true", "{}"],
      ["", "{}"],
      ["true", "{ ci: false }"],
      ["", "{ ci: true }"],
      ["true", "{ lease: 5000 }"],
    ]) {
      const fresh = makeHome();
      try {
        // `hello` is the first line that a client writes.
        const spy = `const { Socket } = require("node:net"); const write = Socket.prototype.write; Socket.prototype.write = function (text, ...rest) { if (String(text).includes('"hello"')) console.log(JSON.parse(text).argument.lease ?? "none"); return write.call(this, text, ...rest); };`;
        const output = await runClient(`${spy} const s = await client.supervise(${JSON.stringify(fresh.folder)}, ${option}); s.close();`, {
          ...process.env,
          CI,
        });
        leases.push(output.trim());
      } finally {
        await fresh.clean();
      }
    }
    assert.deepEqual(leases, ["3600000", "none", "none", "3600000", "5000"]);
  });

  it("stops everything and exits when its folder is deleted", async () => {
    const { service, supervisor } = await start();
    rmSync(home.folder, { recursive: true });
    await eventually("both ended", () => !isAlive(service) && !isAlive(supervisor));
  });

  it("stops only its own services when its folder is replaced", async () => {
    const { service, supervisor } = await start();
    rmSync(home.folder, { recursive: true });
    mkdirSync(home.folder, { mode: 0o700 });
    const next = await home.supervise();
    const other = home.note((await next.apply(home.service("new"))).pid);
    await eventually("the old ones ended", () => !isAlive(service) && !isAlive(supervisor));
    assert.equal(isAlive(other), true);
    assert.deepEqual(
      (await next.status()).map(({ name, restarts }) => [name, restarts]),
      [["new", 0]],
    );
  });

  it("exits in favor of another one when its socket is gone; services keep running", async () => {
    const { service, supervisor } = await start();
    rmSync(path.join(home.folder, "control.sock"));
    const next = await home.supervise();
    assert.equal((await next.apply(home.service("web"))).change, "adopted");
    assert.deepEqual([isAlive(service), isAlive(supervisor)], [true, false]);
  });

  it("stops everything on SIGTERM, and ignores SIGHUP and SIGINT", async () => {
    const { connection, service, supervisor } = await start();
    signal(supervisor, "SIGHUP");
    signal(supervisor, "SIGINT");
    assert.equal((await connection.status()).length, 1);
    signal(supervisor, "SIGTERM");
    await eventually("both ended", () => !isAlive(service) && !isAlive(supervisor));
    assert.equal((await statusOf(home.folder)).supervisor, "none");
  });

  it("survives clients that send garbage", async () => {
    const { connection, supervisor } = await start();
    const send = (text: string) =>
      new Promise<string>((resolve, reject) => {
        let answer = "";
        const socket = connect(path.join(home.folder, "control.sock"), () => socket.write(text));
        socket.on("data", (chunk) => {
          answer += chunk.toString();
          socket.end();
        });
        socket.on("close", () => resolve(answer));
        socket.on("error", (error) =>
          "code" in error && (error.code === "EPIPE" || error.code === "ECONNRESET") ? resolve(answer) : reject(error),
        );
      });
    for (const text of ["\n", "null\n", "[]\n", '{"id":"x"}\n', "\0\n", "x".repeat(2_000_000)]) assert.equal(await send(text), "");
    for (const method of ["nope", "constructor", "__proto__"]) {
      assert.match(await send(`${JSON.stringify({ id: 1, method })}\n`), /METHOD_UNKNOWN/);
    }
    assert.match(await send('{"id":1,"method":"apply"}\n'), /SERVICE_INVALID/);
    assert.match(await send('{"id":1,"method":"hello","argument":{"lease":"soon"}}\n'), new RegExp(`"protocol":${PROTOCOL}`));
    assert.equal((await connection.status()).length, 1);
    assert.equal(isAlive(supervisor), true);
  });

  it("does not inherit its caller's secrets, has its own session, and works in /", async () => {
    const environment = { ...process.env, AWS_SECRET_ACCESS_KEY: "hunter2", NODE_OPTIONS: "", RUNNER_TRACKING_ID: "github_1" };
    await runClient(`(await client.supervise(${JSON.stringify(home.folder)})).close();`, environment);
    const pid = await home.supervisorPid();
    if (process.platform !== "linux") return;
    const names = fileText(`/proc/${pid}/environ`)
      .split("\0")
      .filter((entry) => entry !== "")
      .map((entry) => entry.split("=")[0] ?? "");
    const allowed = new Set(["PATH", "HOME", "TMPDIR", "TZ", "LANG", "LC_ALL", "CI", "RUNNER_TRACKING_ID"]);
    assert.deepEqual(
      names.filter((name) => !allowed.has(name)),
      [],
    );
    assert.ok(names.includes("RUNNER_TRACKING_ID"));
    const [, , , session] = fileText(`/proc/${pid}/stat`)
      .slice(fileText(`/proc/${pid}/stat`).lastIndexOf(")") + 2)
      .split(" ");
    assert.equal(Number(session), pid);
  });

  it("uses less than 50 MB of memory", async function () {
    if (process.platform !== "linux") {
      console.log("SKIP: the supervisor's memory: only Linux tells the proportional set size");
      this.skip();
    }
    const { supervisor } = await start();
    const kilobytes = Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${supervisor.pid}/smaps_rollup`, "latin1"))?.[1]);
    assert.ok(kilobytes > 0 && kilobytes < 50_000, `${kilobytes} kB`);
  });
});
