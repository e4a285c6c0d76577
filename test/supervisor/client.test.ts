import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { statusOf, stopAll, supervise } from "../../lib/supervisor/client";
import { identify, isAlive, processesIn } from "../../lib/supervisor/processes";
import { eventually, fileText, type Home, kill, makeHome, runClient } from "../support/supervised";

describe("a supervised service", () => {
  let home: Home;
  beforeEach(() => (home = makeHome()));
  afterEach(() => home.clean());

  const pidOf = async (name: string, not?: number) =>
    eventually(`${name} runs`, async () => {
      const found = (await statusOf(home.folder)).services.find((service) => service.name === name);
      return found?.status === "running" && found.pid !== not ? found.pid : undefined;
    });

  it("is started once, in its own folder and environment, and reused when applied again", async () => {
    const supervisor = await home.supervise();
    const service = home.service("web", 'env > seen; echo "hello from $PWD"; exec sleep 1000', {
      environment: { PATH: "/usr/bin:/bin", COLOR: "red" },
      port: 8000,
      labels: { version: "1" },
    });
    const first = await supervisor.apply(service);
    assert.deepEqual(
      [first.change, first.status, first.restarts, first.port, first.labels],
      ["started", "running", 0, 8000, { version: "1" }],
    );
    const again = await supervisor.apply(service);
    assert.deepEqual([again.change, again.pid], ["none", first.pid]);
    await eventually("it wrote its log", () => fileText(first.log).includes("hello from"));
    assert.equal(fileText(first.log), `hello from ${service.folder}\n`);
    assert.equal(statSync(first.log).mode & 0o777, 0o600);
    const seen = fileText(path.join(service.folder, "seen"))
      .split("\n")
      .filter((line) => line !== "" && !/^(PWD|OLDPWD|SHLVL|_)=/.test(line));
    assert.deepEqual(seen.toSorted(), ["COLOR=red", "PATH=/usr/bin:/bin"]);
  });

  it("is restarted on any change to its definition", async () => {
    const supervisor = await home.supervise();
    const service = home.service("web");
    const first = await supervisor.apply(service);
    const second = await supervisor.apply({ ...service, labels: { version: "2" } });
    assert.equal(second.change, "restarted");
    assert.notEqual(second.pid, first.pid);
    assert.notEqual(second.hash, first.hash);
    assert.deepEqual(await processesIn(service.folder), [second.pid]);
  });

  it("outlives the program that started it", async () => {
    const service = home.service("web");
    const output = await runClient(
      `const s = await client.supervise(${JSON.stringify(home.folder)}); console.log((await s.apply(${JSON.stringify(service)})).pid); s.close();`,
    );
    assert.equal(await pidOf("web"), Number(output));
    const supervisor = await home.supervise();
    assert.equal((await supervisor.apply(service)).change, "none");
  });

  it("is restarted after kill -9", async () => {
    const supervisor = await home.supervise();
    const { pid } = await supervisor.apply(home.service("web"));
    await kill(home.note(pid));
    assert.notEqual(await pidOf("web", pid), pid);
    assert.equal((await supervisor.status())[0]?.restarts, 1);
  });

  it("is restarted only after its orphaned workers are stopped", async () => {
    const supervisor = await home.supervise();
    // A worker in its own session that ignores signals, like a PostgreSQL backend inside a query.
    const worker = `require("node:child_process").spawn("/bin/sh", ["-c", "trap '' TERM INT; echo $$ > worker; while :; do sleep 1; done"], { detached: true, stdio: "ignore" })`;
    const script = `"${process.execPath}" -e ${JSON.stringify(worker)}; exec sleep 1000`;
    const service = home.service("db", script);
    const { pid } = await supervisor.apply(service);
    const file = path.join(service.folder, "worker");
    const orphan = home.note(Number(await eventually("the worker runs", () => existsSync(file) && (fileText(file).trim() || undefined))));
    await kill(home.note(pid));
    await pidOf("db", pid);
    assert.equal(isAlive(orphan), false);
  });

  it("that keeps dying is given up, with its exit code and the end of its log", async () => {
    const supervisor = await home.supervise();
    await supervisor.apply(home.service("bad", "echo starting; echo 'no such table' >&2; exit 3"));
    const failed = await eventually("the supervisor gives up", async () =>
      (await supervisor.status()).find(({ status }) => status === "failed"),
    );
    assert.match(failed.reason ?? "", /gave up.*exited with code 3.*\n {2}starting\n {2}no such table$/s);
    assert.deepEqual([failed.restarts, failed.pid], [5, undefined]);
    const again = await supervisor.apply(home.service("bad", "echo starting; echo 'no such table' >&2; exit 3"));
    assert.deepEqual([again.change, again.restarts], ["started", 0]);
  });

  it("whose program is missing causes a clear error and shows as failed", async () => {
    const supervisor = await home.supervise();
    await assert.rejects(() => supervisor.apply(home.service("none", "", { command: ["/nowhere/program"] })), {
      code: "SERVICE_NOT_STARTED",
      message: /\/nowhere\/program .*ENOENT/,
    });
    assert.equal((await supervisor.status())[0]?.status, "failed");
  });

  it("that is invalid is rejected, and nothing of it is stored", async () => {
    const supervisor = await home.supervise();
    await assert.rejects(() => supervisor.apply(home.service("Bad Name")), { code: "SERVICE_INVALID" });
    await assert.rejects(() => supervisor.apply({ ...home.service("web"), folder: "/etc" }), { code: "SERVICE_INVALID" });
    await supervisor.apply(home.service("web"));
    await assert.rejects(() => supervisor.apply({ ...home.service("other"), folder: home.service("web").folder }), {
      code: "SERVICE_INVALID",
    });
    assert.deepEqual(
      (await supervisor.status()).map(({ name }) => name),
      ["web"],
    );
  });

  it("is killed when it does not stop in time, and forgotten when removed", async () => {
    const supervisor = await home.supervise();
    const service = home.service("stubborn", "trap '' TERM; echo up; while :; do sleep 0.1; done", { stopTimeout: 200 });
    const { pid, log } = await supervisor.apply(service);
    await eventually("it ignores signals", () => fileText(log).includes("up"));
    const identity = home.note(pid);
    await supervisor.remove("stubborn");
    assert.equal(isAlive(identity), false);
    assert.deepEqual(await processesIn(service.folder), []);
    assert.deepEqual(await supervisor.status(), []);
    assert.equal(existsSync(service.folder), true);
    await supervisor.remove("never-was");
  });

  it("starts while another one is slow to stop", async () => {
    const supervisor = await home.supervise();
    const script = "trap 'echo asked' TERM; echo up; until [ -e enough ]; do sleep 0.1; done";
    const service = home.service("slow", script, { stopTimeout: 600_000 });
    const { log } = await supervisor.apply(service);
    await eventually("it takes signals", () => fileText(log).includes("up"));
    const removal = supervisor.remove("slow");
    await eventually("it is asked to stop", () => fileText(log).includes("asked"));
    const { change } = await supervisor.apply(home.service("quick"));
    assert.equal(change, "started");
    writeFileSync(path.join(service.folder, "enough"), "");
    await removal;
  });

  it("keeps running when its supervisor is killed, and is adopted by the next one", async () => {
    const service = home.service("web");
    const { pid } = await (await home.supervise()).apply(service);
    const first = home.note(await home.supervisorPid());
    await kill(first);
    assert.deepEqual([(await statusOf(home.folder)).supervisor, await pidOf("web")], ["dead", pid]);

    const next = await home.supervise();
    const adopted = await next.apply(service);
    assert.deepEqual([adopted.change, adopted.pid], ["adopted", pid]);
    assert.equal((await next.apply(service)).change, "none");
    await kill(home.note(pid));
    assert.notEqual(await pidOf("web", pid), pid);
  });

  it("is restarted if it was changed while no supervisor was running", async () => {
    const service = home.service("web");
    const { pid } = await (await home.supervise()).apply(service);
    const identity = home.note(pid);
    await kill(home.note(await home.supervisorPid()));
    const changed = await (await home.supervise()).apply({ ...service, labels: { version: "2" } });
    assert.equal(changed.change, "restarted");
    assert.equal(isAlive(identity), false);
  });

  it("that exited while no supervisor was running shows as stopped, and starts when applied", async () => {
    const service = home.service("web");
    const { pid } = await (await home.supervise()).apply(service);
    const identity = home.note(pid);
    await kill(home.note(await home.supervisorPid()));
    await kill(identity);
    assert.match((await statusOf(home.folder)).services[0]?.reason ?? "", /no supervisor/);
    const next = await home.supervise();
    assert.equal((await next.status())[0]?.status, "stopped");
    assert.equal((await next.apply(service)).change, "started");
  });

  it("is stopped gracefully before it is replaced if the state file was lost", async () => {
    const service = home.service("web", "trap 'echo asked; exit' TERM; echo up; while :; do sleep 0.05; done", { stopTimeout: 60_000 });
    const { log } = await (await home.supervise()).apply(service);
    await eventually("it listens", () => fileText(log).includes("up"));
    await kill(home.note(await home.supervisorPid()));
    writeFileSync(path.join(home.folder, "state.json"), "{");
    const next = await home.supervise();
    assert.deepEqual(await next.status(), []);
    assert.equal((await next.apply(service)).change, "started");
    assert.match(fileText(log), /asked/);
    assert.equal((await processesIn(service.folder)).length > 0, true);
    assert.match(readFileSync(path.join(home.folder, "supervisor.log"), "utf8"), /is not a valid state file \(not JSON\)/);
  });

  it("is not confused with an unrelated process in a forged state file", async () => {
    const service = home.service("web");
    await (await home.supervise()).apply(service);
    await stopAll(home.folder);
    const stranger = spawn("sleep", ["1000"], { cwd: "/", stdio: "ignore" });
    const identity = home.note(stranger.pid);
    const file = path.join(home.folder, "state.json");
    const state = JSON.parse(readFileSync(file, "utf8")) as { services: object[] };
    const forge = (forged: object) =>
      writeFileSync(file, JSON.stringify({ ...state, services: [{ ...state.services[0], status: "running", identity: forged }] }));

    for (const forged of [identity, { ...identity, startTime: "1" }, { ...identity, bootId: "another" }]) {
      forge(forged);
      assert.equal((await statusOf(home.folder)).services[0]?.status, "stopped");
      await stopAll(home.folder);
      forge(forged);
      const supervisor = await home.supervise();
      assert.equal((await supervisor.status())[0]?.status, "stopped");
      assert.equal((await supervisor.apply(service)).change, "started");
      await supervisor.remove("web");
      await stopAll(home.folder);
    }
    assert.equal(isAlive(identity), true);
  });

  it("stops waiting when the caller aborts", async () => {
    const abort = new AbortController();
    const supervisor = await home.supervise({ signal: abort.signal });
    const slow = await supervisor.apply(home.service("slow", "trap '' TERM; echo up; while :; do sleep 0.1; done", { stopTimeout: 2000 }));
    await eventually("it ignores signals", () => fileText(slow.log).includes("up"));
    const removal = supervisor.remove("slow");
    abort.abort(new Error("enough"));
    await assert.rejects(removal, /enough/);
    await assert.rejects(() => supervisor.status(), /enough/);
    await assert.rejects(() => supervise(home.folder, { signal: abort.signal }), /enough/);
  });

  it("works in folders of any name and length", async () => {
    for (const name of [`spaces and 'quotes" $HOME; #`, "ünïcode-日本", "new\nline", `${"long-".repeat(40)}/${"deeper-".repeat(30)}`]) {
      const odd = makeHome(name);
      try {
        const { pid } = await (await odd.supervise()).apply(odd.service("web"));
        assert.equal((await statusOf(odd.folder)).services[0]?.pid, pid);
        assert.deepEqual(await stopAll(odd.folder), { stopped: ["web"] });
      } finally {
        await odd.clean();
      }
    }
  });

  it("runs as another user when root requests it", async function () {
    if (process.getuid?.() !== 0) {
      console.log("SKIP: a service as another user: only root can start one");
      this.skip();
    }
    const supervisor = await home.supervise();
    const { pid = 0, log } = await supervisor.apply(
      home.service("db", "id -u; id -g; exec sleep 1000", { user: { uid: 65_534, gid: 65_534 } }),
    );
    await eventually("it says who it is", () => fileText(log) === "65534\n65534\n");
    await kill(home.note(await home.supervisorPid()));
    assert.equal((await (await home.supervise()).status())[0]?.pid, pid);
    assert.ok(identify(pid));
    await stopAll(home.folder);
    assert.equal(identify(pid), undefined);
  });

  it("is not started in a deleted folder", async () => {
    const supervisor = await home.supervise();
    await assert.rejects(() => supervisor.apply({ ...home.service("web"), folder: path.join(home.folder, "gone") }), {
      code: "SERVICE_INVALID",
    });
    mkdirSync(path.join(home.folder, "gone"));
    assert.equal((await supervisor.apply({ ...home.service("web"), folder: path.join(home.folder, "gone") })).change, "started");
  });
});
