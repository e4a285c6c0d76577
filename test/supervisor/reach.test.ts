import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { PROTOCOL } from "../../lib/supervisor/protocol";
import { isAlive, signal } from "../../lib/supervisor/processes";
import { clientFile, eventually, type Home, kill, makeHome, PATIENCE, runClient } from "../support/supervised";

const lib = path.dirname(path.dirname(clientFile));

describe("connecting to a supervisor", () => {
  let home: Home;
  let copies = "";
  beforeEach(() => {
    home = makeHome();
    copies = mkdtempSync(path.join(tmpdir(), "endow-version-"));
  });
  afterEach(async () => {
    await home.clean();
    rmSync(copies, { recursive: true });
  });

  /** A copy of the program with another protocol version; returns its client. */
  const otherVersion = (protocol: number): string => {
    cpSync(path.join(lib, "supervisor"), path.join(copies, "supervisor"), { recursive: true });
    cpSync(path.join(lib, "errors.js"), path.join(copies, "errors.js"));
    cpSync(path.join(lib, "internal"), path.join(copies, "internal"), { recursive: true });
    const file = path.join(copies, "supervisor/protocol.js");
    const source = readFileSync(file, "utf8");
    const changed = source.replace(/const PROTOCOL = \d+;/, `const PROTOCOL = ${protocol};`);
    assert.notEqual(changed, source);
    writeFileSync(file, changed);
    return path.join(copies, "supervisor/client.js");
  };

  const startOther = async (protocol: number, service: object) => {
    const client = JSON.stringify(otherVersion(protocol));
    const output = await runClient(
      `const other = require(${client}); const s = await other.supervise(${JSON.stringify(home.folder)}); console.log((await s.apply(${JSON.stringify(service)})).pid); console.log((await other.statusOf(${JSON.stringify(home.folder)})).pid); s.close();`,
    );
    const [service_, supervisor] = output.trim().split("\n").map(Number);
    return { service: home.note(service_), supervisor: home.note(supervisor) };
  };

  it("gives concurrent clients of several processes the same supervisor", async () => {
    const program = `const s = await client.supervise(${JSON.stringify(home.folder)}); console.log((await s.apply(${JSON.stringify(home.service("web"))})).pid); console.log((await client.statusOf(${JSON.stringify(home.folder)})).pid); s.close();`;
    const outputs = await Promise.all([1, 2, 3, 4].map(() => runClient(program)));
    assert.equal(new Set(outputs).size, 1);
    const [first, second] = await Promise.all([home.supervise(), home.supervise()]);
    const applied = await Promise.all([first, second].map((supervisor) => supervisor.apply(home.service("web"))));
    assert.deepEqual(
      applied.map(({ change }) => change),
      ["none", "none"],
    );
  });

  it("gives concurrent clients the same supervisor right after kill -9", async () => {
    const { pid } = await (await home.supervise()).apply(home.service("web"));
    for (let round = 0; round < 3; round++) {
      await kill(home.note(await home.supervisorPid()));
      const all = await Promise.all([home.supervise(), home.supervise(), home.supervise()]);
      const states = await Promise.all(all.map((supervisor) => supervisor.status()));
      assert.deepEqual(
        states.map(([state]) => [state?.status, state?.pid]),
        [
          ["running", pid],
          ["running", pid],
          ["running", pid],
        ],
      );
    }
  });

  it("replaces one that hangs; services keep running", async () => {
    const service = home.service("web");
    const { pid } = await (await home.supervise()).apply(service);
    const hung = home.note(await home.supervisorPid());
    signal(hung, "SIGSTOP");
    const adopted = await (await home.supervise()).apply(service);
    assert.deepEqual([adopted.change, adopted.pid, isAlive(hung)], ["adopted", pid, false]);
  });

  it("replaces an older one; services keep running", async () => {
    const service = home.service("web");
    const older = await startOther(PROTOCOL - 1, service);
    const adopted = await (await home.supervise()).apply(service);
    assert.deepEqual([adopted.change, adopted.pid], ["adopted", older.service.pid]);
    await eventually("the older one ended", () => !isAlive(older.supervisor));
  });

  it("does not replace a newer one, and reports it", async () => {
    const newer = await startOther(PROTOCOL + 1, home.service("web"));
    await assert.rejects(() => home.supervise(), { code: "SUPERVISOR_NEWER" });
    assert.deepEqual([isAlive(newer.supervisor), isAlive(newer.service)], [true, true]);
  });

  it("does not replace one in another network namespace, and reports it at once", async function () {
    if (spawnSync("unshare", ["-n", "true"]).status !== 0) {
      console.log("SKIP: a supervisor in another network: no namespace can be made here");
      this.skip();
    }
    const supervisor = await home.supervise();
    const { pid } = await supervisor.apply(home.service("web"));
    const program = `require(${JSON.stringify(clientFile)}).supervise(${JSON.stringify(home.folder)}).catch((error) => console.log(error.code, error.message))`;
    const { stdout } = spawnSync("unshare", ["-n", process.execPath, "-e", program], { encoding: "utf8", timeout: PATIENCE });
    assert.match(stdout, /^SUPERVISOR_ELSEWHERE .*another network/);
    assert.equal((await supervisor.status())[0]?.pid, pid);
  });

  it("reports why none could be started", async () => {
    writeFileSync(path.join(home.folder, "logs"), "");
    await assert.rejects(() => home.supervise(), { code: "SUPERVISOR_NOT_STARTED", message: /EEXIST/ });
    rmSync(path.join(home.folder, "logs"));
  });

  it("leaves no temporary files", async () => {
    await (await home.supervise()).apply(home.service("web"));
    const names = readdirSync(home.folder).map((name) => name.replace(/\d+$/, ""));
    assert.deepEqual(names.toSorted(), ["control.sock", "lock-", "logs", "services", "state.json", "supervisor.log"]);
  });
});
