import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { lockHolder, lockIsHeld, takeLock } from "../../../lib/supervisor/platform/linux-lock";

const file = path.join(__dirname, "../../../lib/supervisor/platform/linux-lock.js");

describe("the lock on Linux", () => {
  let base = "";
  let folder = "";
  const children: ChildProcess[] = [];

  /** Prints whether it got the lock, then holds it. */
  const contender = async (): Promise<{ got: boolean; child: ChildProcess }> => {
    const source = `require(${JSON.stringify(file)}).takeLock(${JSON.stringify(folder)}).then((lock) => { console.log(lock !== undefined); setInterval(() => 0, 1000); })`;
    const child = spawn(process.execPath, ["-e", source], { stdio: ["ignore", "pipe", "inherit"] });
    children.push(child);
    const [line] = (await once(child.stdout, "data")) as [Buffer];
    return { got: line.toString().trim() === "true", child };
  };

  before(function () {
    if (process.platform !== "linux") {
      console.log("SKIP: the lock on Linux: this is another system");
      this.skip();
    }
  });
  beforeEach(() => {
    base = mkdtempSync(path.join(tmpdir(), "endow-lock-"));
    folder = path.join(base, "folder");
    mkdirSync(folder, { mode: 0o700 });
  });
  afterEach(() => {
    for (const child of children.splice(0)) child.kill("SIGKILL");
    rmSync(base, { recursive: true });
  });

  it("goes to exactly one of several that start at once, and to the next right after kill -9", async () => {
    for (let round = 0; round < 3; round++) {
      const all = await Promise.all([contender(), contender(), contender(), contender()]);
      const [winner, ...others] = all.filter(({ got }) => got);
      assert.ok(winner);
      assert.deepEqual(others, []);
      assert.equal(lockHolder(folder), winner.child.pid);
      for (const { child } of all.filter(({ got }) => !got)) child.kill("SIGKILL");
      winner.child.kill("SIGKILL");
      await once(winner.child, "exit");
      assert.equal(lockIsHeld(folder), false);
    }
    assert.equal(readdirSync(folder).length, 1);
  });

  it("is free again when it is released", async () => {
    const lock = await takeLock(folder);
    assert.equal(await takeLock(folder), undefined);
    assert.equal(lockHolder(folder), process.pid);
    lock?.release();
    assert.equal(lockIsHeld(folder), false);
    (await takeLock(folder))?.release();
  });

  it("is not shared by a copy of the folder", async () => {
    const lock = await takeLock(folder);
    const copy = path.join(base, "copy");
    cpSync(folder, copy, { recursive: true });
    const other = await takeLock(copy);
    assert.ok(other);
    other.release();
    lock?.release();
  });

  it("recovers from a damaged name, and names no process that merely has a socket of the name in the file", async () => {
    writeFileSync(path.join(folder, `lock-${statSync(folder).ino}`), "/tmp/dbus-stranger");
    assert.equal(lockHolder(folder), undefined);
    const lock = await takeLock(folder);
    assert.ok(lock);
    lock.release();
  });
});
