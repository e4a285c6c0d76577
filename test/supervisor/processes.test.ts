import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, symlinkSync } from "node:fs";
import path from "node:path";
import { identify, isAlive, processesIn, runsIn, signal } from "../../lib/supervisor/processes";
import { eventually, fileText, type Home, kill, makeHome, runClient } from "../support/supervised";

describe("a process", () => {
  let home: Home;
  beforeEach(() => (home = makeHome()));
  afterEach(() => home.clean());

  const startIn = (folder: string): ChildProcess => spawn("sleep", ["1000"], { cwd: folder, stdio: "ignore", detached: true });

  it("is identified by more than its pid", async () => {
    const identity = home.note(startIn("/").pid);
    for (const other of [{ startTime: `${identity.startTime}1` }, { bootId: "another" }]) {
      const reused = { ...identity, ...other };
      assert.equal(isAlive(reused), false);
      signal(reused, "SIGKILL");
    }
    assert.equal(isAlive(identity), true);
    await kill(identity);
    assert.equal(identify(identity.pid), undefined);
    signal(identity, "SIGKILL");
  });

  it("that has exited is gone, even before its parent reaps it", async () => {
    const parent = spawn("/bin/sh", ["-c", "sleep 0 & echo $!; exec sleep 1000"], { stdio: ["ignore", "pipe", "ignore"] });
    home.note(parent.pid);
    const pid = await new Promise<number>((resolve) => parent.stdout.once("data", (line: Buffer) => resolve(Number(line.toString()))));
    await eventually("it ended", () => identify(pid) === undefined);
  });

  it("is found by its working directory, by any path to it, but not by a similar path", async () => {
    const inner = path.join(home.folder, "db");
    const beside = path.join(home.folder, "db-2");
    mkdirSync(path.join(inner, "data"), { recursive: true });
    mkdirSync(beside);
    symlinkSync(inner, path.join(home.folder, "link"));
    const found = [startIn(inner), startIn(path.join(inner, "data"))].map(({ pid }) => home.note(pid));
    const other = home.note(startIn(beside).pid);
    const expected = found.map(({ pid }) => pid).toSorted((a, b) => a - b);
    assert.deepEqual(
      (await processesIn(inner)).toSorted((a, b) => a - b),
      expected,
    );
    assert.deepEqual(
      (await processesIn(path.join(home.folder, "link"))).toSorted((a, b) => a - b),
      expected,
    );
    assert.equal(runsIn(other, beside), true);
    assert.equal(runsIn(other, inner), false);
  });

  it("that queries is not found itself, and neither are its ancestors", async () => {
    const program = `process.chdir(${JSON.stringify(home.folder)}); console.log(JSON.stringify(await client.processesIn(${JSON.stringify(home.folder)})))`;
    assert.equal((await runClient(program)).trim(), "[]");
  });

  /** Runs a script in its own mount namespace; prints `up` once it is in its working directory. */
  const inOtherMounts = async (test: Mocha.Context, script: string) => {
    if (spawnSync("unshare", ["-m", "true"]).status !== 0) {
      console.log("SKIP: a process with file systems of its own: no namespace can be made here");
      test.skip();
    }
    const child = spawn("unshare", ["-m", "/bin/sh", "-c", `${script}; echo up; exec sleep 1000`], {
      cwd: "/",
      stdio: ["ignore", "pipe", "inherit"],
      detached: true,
    });
    const identity = home.note(child.pid);
    await new Promise((resolve) => child.stdout.once("data", resolve));
    return identity;
  };

  it("of a container with a different folder at the same path is not found", async function () {
    const other = await inOtherMounts(this, `mount -t tmpfs tmpfs '${home.folder}' && mkdir '${home.folder}/db' && cd '${home.folder}/db'`);
    mkdirSync(path.join(home.folder, "db"));
    assert.deepEqual([await processesIn(home.folder), runsIn(other, home.folder)], [[], false]);
  });

  it("of a container that shares the folder is found", async function () {
    const other = await inOtherMounts(this, `cd '${home.folder}'`);
    assert.deepEqual([await processesIn(home.folder), runsIn(other, home.folder)], [[other.pid], true]);
  });

  it("with a terminal belongs to a user and is not found", async function () {
    if (spawnSync("script", ["--version"]).status !== 0) {
      console.log("SKIP: a process of a terminal: there is no script(1) to make a terminal");
      this.skip();
    }
    const file = path.join(home.folder, "shell");
    const terminal = spawn("script", ["-qc", `cd '${home.folder}'; echo $$ > shell; exec sleep 1000`, "/dev/null"], {
      cwd: "/",
      stdio: "ignore",
    });
    home.note(terminal.pid);
    const shell = home.note(Number(await eventually("the shell runs", () => existsSync(file) && (fileText(file).trim() || undefined))));
    assert.deepEqual([isAlive(shell), await processesIn(home.folder)], [true, []]);
  });
});
