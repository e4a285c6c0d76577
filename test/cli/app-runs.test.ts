import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { endOrphans, noteRun } from "../../lib/cli/app-runs";
import { identify, isAlive } from "../../lib/supervisor/processes";
import { skipUnless } from "../support/prerequisite";
import { eventually } from "../support/supervised";

const childOf = (pid: number) => {
  const child = Number.parseInt(readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8"), 10);
  return Number.isNaN(child) ? undefined : identify(child);
};

describe("apps that a command runs", () => {
  let folder = "";
  const children: ChildProcess[] = [];
  const start = async (program = "sleep", parameters = ["1000"], env = {}) => {
    const child = spawn(program, parameters, { stdio: "ignore", env: { ...process.env, ...env } });
    children.push(child);
    await once(child, "spawn");
    return identify(child.pid ?? 0) ?? assert.fail("the process is not running");
  };
  const noteFile = () => path.join(folder, "apps", `${process.pid}.json`);
  beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), "endow-apps-"))));
  afterEach(() => {
    for (const child of children.splice(0)) child.kill("SIGKILL");
    rmSync(folder, { recursive: true });
  });

  it("are recorded, readable only by their owner, until they exit", async () => {
    const app = await start();
    const note = noteRun(folder);
    const run = note.variables["_ENDOW_RUN"];
    assert.deepEqual(JSON.parse(readFileSync(noteFile(), "utf8")), { command: identify(process.pid), run });
    note.started(app.pid);
    assert.deepEqual(JSON.parse(readFileSync(noteFile(), "utf8")), { command: identify(process.pid), run, app });
    assert.equal(statSync(noteFile()).mode & 0o777, 0o600);
    assert.equal(statSync(path.dirname(noteFile())).mode & 0o777, 0o700);
    note.forget();
    assert.deepEqual(readdirSync(path.dirname(noteFile())), []);
  });

  it("are left alone while their command is running", async () => {
    const app = await start();
    noteRun(folder).started(app.pid);
    assert.equal(await endOrphans(folder), 0);
    assert.ok(isAlive(app));
    assert.ok(existsSync(noteFile()));
  });

  it("are stopped once their command is gone, but not an unrelated process with the same pid", async () => {
    const [app, stranger] = [await start(), await start()];
    const command = { pid: 2 ** 22 - 1, startTime: "1", bootId: app.bootId };
    const run = randomUUID();
    mkdirSync(path.join(folder, "apps"));
    writeFileSync(path.join(folder, "apps", "1.json"), JSON.stringify({ command, run, app }));
    writeFileSync(path.join(folder, "apps", "2.json"), JSON.stringify({ command, run, app: { ...stranger, startTime: "1" } }));
    writeFileSync(path.join(folder, "apps", "3.json"), JSON.stringify({ command, run, app: { ...stranger, bootId: "earlier" } }));
    assert.equal(await endOrphans(folder), 1);
    assert.ok(!isAlive(app));
    assert.ok(isAlive(stranger));
    assert.deepEqual(readdirSync(path.join(folder, "apps")), []);
  });

  it("are stopped, with their children, even if their command was killed before it recorded their pid", async function () {
    skipUnless(this, process.platform === "linux", "only Linux tells the environment of a process");
    const stranger = await start();
    const run = randomUUID();
    const app = await start("sh", ["-c", "sleep 1000 & wait"], { _ENDOW_RUN: run });
    const child = await eventually("it has started something", () => childOf(app.pid));
    mkdirSync(path.join(folder, "apps"));
    const command = { pid: 2 ** 22 - 1, startTime: "1", bootId: app.bootId };
    writeFileSync(path.join(folder, "apps", "1.json"), JSON.stringify({ command, run }));
    writeFileSync(path.join(folder, "apps", "2.json"), JSON.stringify({ command, run: randomUUID() }));
    assert.equal(await endOrphans(folder), 1);
    assert.deepEqual([app, child, stranger].map(isAlive), [false, false, true]);
    assert.deepEqual(readdirSync(path.join(folder, "apps")), []);
  });

  it("with a damaged record are reported, not forgotten", async () => {
    mkdirSync(path.join(folder, "apps"));
    for (const text of ["", "{}", '{"command":{"pid":-1}}']) {
      writeFileSync(noteFile(), text);
      await assert.rejects(endOrphans(folder), { code: "RECORD_DAMAGED" });
    }
  });

  it("are none if no app was ever run", async () => {
    assert.equal(await endOrphans(path.join(folder, "none")), 0);
  });
});
