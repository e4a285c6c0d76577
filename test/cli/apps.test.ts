import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { endOrphans, noteApp } from "../../lib/cli/apps";
import { identify, isAlive } from "../../lib/supervisor/processes";

describe("apps that a command runs", () => {
  let folder = "";
  const children: ChildProcess[] = [];
  const start = async () => {
    const child = spawn("sleep", ["1000"], { stdio: "ignore" });
    children.push(child);
    await once(child, "spawn");
    return identify(child.pid ?? 0) ?? assert.fail("it does not run");
  };
  const noteFile = () => path.join(folder, "apps", `${process.pid}.json`);
  beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), "endow-apps-"))));
  afterEach(() => {
    for (const child of children.splice(0)) child.kill("SIGKILL");
    rmSync(folder, { recursive: true });
  });

  it("are noted, for their owner's eyes alone, until they have ended", async () => {
    const app = await start();
    const forget = noteApp(folder, app.pid);
    assert.deepEqual(JSON.parse(readFileSync(noteFile(), "utf8")), { command: identify(process.pid), app });
    assert.equal(statSync(noteFile()).mode & 0o777, 0o600);
    assert.equal(statSync(path.dirname(noteFile())).mode & 0o777, 0o700);
    forget();
    assert.deepEqual(readdirSync(path.dirname(noteFile())), []);
  });

  it("are left alone while their command lives", async () => {
    const app = await start();
    noteApp(folder, app.pid);
    assert.equal(await endOrphans(folder), 0);
    assert.ok(isAlive(app));
    assert.ok(existsSync(noteFile()));
  });

  it("are ended when their command is gone, and strangers with the same number are not", async () => {
    const [app, stranger] = [await start(), await start()];
    const command = { pid: 2 ** 22 - 1, startTime: "1", bootId: app.bootId };
    mkdirSync(path.join(folder, "apps"));
    writeFileSync(path.join(folder, "apps", "1.json"), JSON.stringify({ command, app }));
    writeFileSync(path.join(folder, "apps", "2.json"), JSON.stringify({ command, app: { ...stranger, startTime: "1" } }));
    writeFileSync(path.join(folder, "apps", "3.json"), JSON.stringify({ command, app: { ...stranger, bootId: "earlier" } }));
    assert.equal(await endOrphans(folder), 1);
    assert.ok(!isAlive(app));
    assert.ok(isAlive(stranger));
    assert.deepEqual(readdirSync(path.join(folder, "apps")), []);
  });

  it("of which a note is damaged are told of, not forgotten", async () => {
    mkdirSync(path.join(folder, "apps"));
    for (const text of ["", "{}", '{"command":{"pid":-1}}']) {
      writeFileSync(noteFile(), text);
      await assert.rejects(endOrphans(folder), { code: "RECORD_DAMAGED" });
    }
  });

  it("are none where nothing was ever run", async () => {
    assert.equal(await endOrphans(path.join(folder, "none")), 0);
  });
});
