import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { lockHolder, lockIsHeld, takeLock } from "../../../lib/supervisor/platform/linux-lock";

const file = path.join(__dirname, "../../../lib/supervisor/platform/linux-lock.js");

describe("the lock on Linux", () => {
  let base = "";
  let folder = "";
  const children: ChildProcess[] = [];

  /** Prints whether it acquired the lock, then holds it. */
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

  it("is acquired by exactly one of several processes that start at once, and by the next right after kill -9", async () => {
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

  it("is free again after it is released", async () => {
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

  const nameFile = () => path.join(folder, `lock-${statSync(folder).ino}`);
  const names = () => readFileSync(nameFile(), "latin1").match(/^endow-\w+$/gm) ?? [];

  /** Another user's process that has bound the lock's name from /proc/net/unix. */
  const squatter = async (test: Mocha.Context, name = ""): Promise<ChildProcess> => {
    if (process.getuid?.() !== 0) {
      console.log("SKIP: another user's process: only root can start one");
      test.skip();
    }
    const source = `require("node:net").createServer().listen("\\0${name}", () => { console.log("up"); setInterval(() => 0, 1000); })`;
    const child = spawn(process.execPath, ["-e", source], { cwd: "/", stdio: ["ignore", "pipe", "inherit"], uid: 65_534, gid: 65_534 });
    children.push(child);
    await once(child.stdout, "data");
    return child;
  };

  it("cannot be blocked by another user who binds its name", async function () {
    (await takeLock(folder))?.release();
    await squatter(this, names()[0]);
    assert.deepEqual([lockIsHeld(folder), lockHolder(folder)], [false, undefined]);
    const lock = await takeLock(folder);
    assert.ok(lock);
    assert.deepEqual([lockIsHeld(folder), lockHolder(folder), names().length], [true, process.pid, 2]);
    assert.equal((await contender()).got, false);
    lock.release();
  });

  it("is acquired by at most one of several even if another user has its name, and then by one that retries", async function () {
    (await takeLock(folder))?.release();
    for (let round = 0; round < 3; round++) {
      const other = await squatter(this, names().at(-1));
      const all = await Promise.all([contender(), contender(), contender(), contender()]);
      other.kill("SIGKILL");
      const winners = all.filter(({ got }) => got);
      const last = winners.length === 0 ? [await contender()] : winners;
      assert.deepEqual(
        last.map(({ got }) => got),
        [true],
      );
      assert.equal(lockHolder(folder), last[0]?.child.pid);
      const started = new Set([...all, ...last].map(({ child }) => child));
      for (const child of started) child.kill("SIGKILL");
      await Promise.all([...started].map((child) => once(child, "exit")));
    }
  });

  it("is held by a process of this user with an earlier name", async () => {
    const { got, child } = await contender();
    assert.equal(got, true);
    appendFileSync(nameFile(), `endow-${"0".repeat(85)}${randomBytes(8).toString("hex")}\n`);
    assert.equal(names().length, 2);
    assert.equal(await takeLock(folder), undefined);
    assert.deepEqual([lockIsHeld(folder), lockHolder(folder)], [true, child.pid]);
  });

  it("recovers from a damaged name, and does not report a process that merely has a socket of the name in the file", async () => {
    writeFileSync(path.join(folder, `lock-${statSync(folder).ino}`), "/tmp/dbus-stranger");
    assert.equal(lockHolder(folder), undefined);
    const lock = await takeLock(folder);
    assert.ok(lock);
    lock.release();
  });
});
