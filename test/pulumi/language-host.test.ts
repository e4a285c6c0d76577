import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { identify, isAlive, signal } from "../../lib/supervisor/processes";
import { eventually } from "../support/supervised";

describe("a program with a hook", () => {
  let folder: string;

  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), "endow-program-"));
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  /** A program that never exits on its own, started as `startedAs`, and its parent. */
  const start = async (startedAs: string) => {
    const file = path.join(folder, startedAs);
    mkdirSync(path.dirname(file), { recursive: true });
    const module = path.join(__dirname, "../../lib/pulumi/language-host.js");
    writeFileSync(file, `require(${JSON.stringify(module)}).endWithLanguageHost(); setInterval(() => {}, 1000); console.log(process.pid);`);
    const host = spawn(process.execPath, [
      "-e",
      `require("node:child_process").spawn(process.execPath, [${JSON.stringify(file)}], { stdio: "inherit" })`,
    ]);
    const pid = Number(await new Promise((resolve) => host.stdout.once("data", resolve)));
    const program = identify(pid) ?? assert.fail("the program runs");
    host.kill("SIGKILL");
    return program;
  };

  it("exits when the language host that started it is gone, and keeps running if something else started it", async () => {
    const other = await start("program.js");
    const program = await start("node_modules/@pulumi/pulumi/cmd/run/index.js");
    await eventually("the language host's program ends", () => !isAlive(program));
    assert.ok(isAlive(other));
    signal(other, "SIGKILL");
  });
});
