import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { processesIn, statusOf, stopAll } from "../../lib/supervisor/client";
import { isAlive, signal } from "../../lib/supervisor/processes";
import { eventually, fileText, type Home, kill, makeHome } from "../support/supervised";

describe("stopping everything", () => {
  let home: Home;
  beforeEach(() => (home = makeHome()));
  afterEach(() => home.clean());

  const stateFile = () => path.join(home.folder, "state.json");

  /** Starts two services; returns the supervisor and both processes. */
  const start = async () => {
    const supervisor = await home.supervise();
    const pids = [await supervisor.apply(home.service("a")), await supervisor.apply(home.service("b"))].map(({ pid }) => home.note(pid));
    return { supervisor: home.note(await home.supervisorPid()), services: pids };
  };

  const assertNothingLeft = async () => {
    assert.deepEqual(await processesIn(home.folder), []);
    const { supervisor, services } = await statusOf(home.folder);
    assert.deepEqual([supervisor, services.every(({ status }) => status === "stopped")], ["none", true]);
  };

  it("stops the services and the supervisor, and keeps the data", async () => {
    const { supervisor, services } = await start();
    writeFileSync(path.join(home.folder, "services/a/data"), "precious");
    assert.deepEqual((await stopAll(home.folder)).stopped.toSorted(), ["a", "b"]);
    assert.deepEqual([supervisor, ...services].map(isAlive), [false, false, false]);
    assert.equal(fileText(path.join(home.folder, "services/a/data")), "precious");
    await assertNothingLeft();
    assert.deepEqual(await stopAll(home.folder), { stopped: [] });
  });

  it("sends each service its own stop signal", async () => {
    const supervisor = await home.supervise();
    const script = "trap 'echo got INT; exit' INT; trap 'echo got TERM; exit' TERM; echo up; while :; do sleep 0.05; done";
    const { log } = await supervisor.apply(home.service("db", script, { stopSignal: "SIGINT", stopTimeout: 60_000 }));
    await eventually("it listens", () => fileText(log).includes("up"));
    await stopAll(home.folder);
    assert.equal(fileText(log), "up\ngot INT\n");
  });

  it("works after the supervisor was killed, still with each service's stop signal", async () => {
    const supervisor = await home.supervise();
    const script = "trap 'echo got INT; exit' INT; trap 'echo got TERM; exit' TERM; echo up; while :; do sleep 0.05; done";
    const { log } = await supervisor.apply(home.service("db", script, { stopSignal: "SIGINT", stopTimeout: 60_000 }));
    await eventually("it listens", () => fileText(log).includes("up"));
    await kill(home.note(await home.supervisorPid()));
    assert.deepEqual(await stopAll(home.folder), { stopped: ["db"] });
    assert.equal(fileText(log), "up\ngot INT\n");
    await assertNothingLeft();
  });

  it("meets its deadline when the supervisor is suspended by SIGSTOP", async () => {
    const { supervisor, services } = await start();
    signal(supervisor, "SIGSTOP");
    assert.deepEqual([(await statusOf(home.folder)).supervisor, (await statusOf(home.folder)).pid], ["unresponsive", supervisor.pid]);
    const started = performance.now();
    await stopAll(home.folder, { deadline: 10_000 });
    assert.ok(performance.now() - started < 10_000);
    assert.deepEqual([supervisor, ...services].map(isAlive), [false, false, false]);
    await assertNothingLeft();
  });

  it("kills a stubborn service soon after the deadline, whatever its stop timeout", async () => {
    const supervisor = await home.supervise();
    const { log, pid } = await supervisor.apply(
      home.service("stubborn", "trap '' TERM INT; echo up; while :; do sleep 0.1; done", { stopTimeout: 600_000 }),
    );
    await eventually("it ignores signals", () => fileText(log).includes("up"));
    const identity = home.note(pid);
    // Within the test's timeout, which is shorter than the service's.
    await stopAll(home.folder, { deadline: 500 });
    assert.equal(isAlive(identity), false);
  });

  it("reports everything that it stopped, even hanging services, with a supervisor that hangs or is gone", async () => {
    for (const hangs of ["a service", "everything", "a service, and the supervisor is gone"]) {
      const { supervisor, services } = await start();
      const [a, b] = services;
      assert.ok(a && b);
      for (const one of hangs === "everything" ? [a, b, supervisor] : [a]) signal(one, "SIGSTOP");
      if (hangs.endsWith("gone")) await kill(supervisor);
      assert.deepEqual((await stopAll(home.folder, { deadline: 400 })).stopped.toSorted(), ["a", "b"], hangs);
      assert.deepEqual([supervisor, ...services].map(isAlive), [false, false, false], hangs);
      assert.deepEqual(await stopAll(home.folder), { stopped: [] });
    }
  });

  it("reports services by name, including leftover processes and a service that waits for its restart", async () => {
    const supervisor = await home.supervise();
    const file = path.join(home.folder, "services/web/escaped");
    const escape = `require("node:child_process").spawn("/bin/sh", ["-c", "echo $$ > escaped; exec sleep 1000"], { detached: true, stdio: "ignore" }).unref()`;
    await supervisor.apply(home.service("web", `"${process.execPath}" -e ${JSON.stringify(escape)}; exec sleep 1000`));
    const escaped = home.note(Number(await eventually("it escaped", () => existsSync(file) && (fileText(file).trim() || undefined))));
    await kill(home.note(await home.supervisorPid()));
    await kill(home.note((await statusOf(home.folder)).services[0]?.pid));
    assert.deepEqual(await stopAll(home.folder), { stopped: ["web"] });
    assert.equal(isAlive(escaped), false);
  });

  it("works without a state file and with a damaged one", async () => {
    for (const spoil of [() => rmSync(stateFile()), () => writeFileSync(stateFile(), '{"version":1,"services":[{}]}')]) {
      const { supervisor, services } = await start();
      await kill(supervisor);
      spoil();
      assert.deepEqual((await stopAll(home.folder)).stopped.toSorted(), ["services/a", "services/b"]);
      assert.deepEqual(services.map(isAlive), [false, false]);
      rmSync(stateFile(), { force: true });
    }
  });

  it("finds nothing to stop after a reboot", async () => {
    const { supervisor, services } = await start();
    await kill(supervisor);
    for (const service of services) await kill(service);
    writeFileSync(stateFile(), readFileSync(stateFile(), "utf8").replaceAll(supervisor.bootId, "another-boot"));
    assert.deepEqual(await stopAll(home.folder), { stopped: [] });
    await assertNothingLeft();
  });

  it("stops a process that escaped into its own session", async () => {
    const supervisor = await home.supervise();
    const escape = `require("node:child_process").spawn("/bin/sh", ["-c", "trap '' TERM INT HUP; echo $$ > escaped; while :; do sleep 1; done"], { detached: true, stdio: "ignore" }).unref()`;
    const service = home.service("web", `"${process.execPath}" -e ${JSON.stringify(escape)}; exec sleep 1000`);
    await supervisor.apply(service);
    const file = path.join(service.folder, "escaped");
    const escaped = home.note(Number(await eventually("it escaped", () => existsSync(file) && (fileText(file).trim() || undefined))));
    await stopAll(home.folder);
    assert.equal(isAlive(escaped), false);
    await assertNothingLeft();
  });

  it("does not stop readers of the logs", async () => {
    await start();
    const reader = home.note(spawn("tail", ["-f", "a.log"], { cwd: path.join(home.folder, "logs"), stdio: "ignore", detached: true }).pid);
    assert.deepEqual((await stopAll(home.folder)).stopped.toSorted(), ["a", "b"]);
    assert.deepEqual([isAlive(reader), await processesIn(home.folder)], [true, [reader.pid]]);
  });

  it("stops processes in a deleted folder", async () => {
    const { supervisor, services } = await start();
    await kill(supervisor);
    rmSync(home.folder, { recursive: true });
    await stopAll(home.folder);
    assert.deepEqual(services.map(isAlive), [false, false]);
  });
});
