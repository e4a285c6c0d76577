import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { importTool } from "../support/tools";
import type * as Leftovers from "../../tools/checks/leftovers.mjs";

describe("what tests leave behind", () => {
  let tool: typeof Leftovers;
  let folder: string;
  before(async function () {
    if (process.platform !== "linux") {
      console.log("SKIP: what tests leave behind: there is no /proc to read it from");
      this.skip();
    }
    tool = await importTool<typeof Leftovers>("checks/leftovers.mjs");
    folder = realpathSync(mkdtempSync(path.join(tmpdir(), "endow-leftovers-")));
    mkdirSync(path.join(folder, "data"));
  });
  after(() => {
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  const start = async (seconds: string, options: { cwd: string; env?: NodeJS.ProcessEnv }) => {
    const child = spawn("sleep", [seconds], { stdio: "ignore", ...options });
    await once(child, "spawn");
    return { pid: child.pid, ended: once(child, "exit") };
  };

  it("is nothing when they cleaned up", async () => {
    assert.deepEqual(await tool.endLeftovers(folder, 0), []);
  });

  it("is a process that works in their folder, which is ended", async () => {
    const { pid, ended } = await start("1000", { cwd: path.join(folder, "data") });
    assert.deepEqual(await tool.endLeftovers(folder, 0), [`a test left a process behind: sleep (${pid}) in ${folder}/data`]);
    assert.deepEqual(await ended, [null, "SIGKILL"]);
  });

  it("is a process that works elsewhere but was told to use their folder", async () => {
    const { pid, ended } = await start("1000", { cwd: "/", env: { ...process.env, TMPDIR: folder } });
    assert.deepEqual(await tool.endLeftovers(folder, 0), [`a test left a process behind: sleep (${pid}) in /`]);
    assert.deepEqual(await ended, [null, "SIGKILL"]);
  });

  it("is not a process that ends in time", async () => {
    const { ended } = await start("0.2", { cwd: path.join(folder, "data") });
    assert.deepEqual(await tool.endLeftovers(folder, 30_000), []);
    assert.deepEqual(await ended, [0, null]);
  });
});
