import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { skipUnless } from "../support/prerequisite";
import { makeSandbox, PLAIN, PUBLISHED, type Sandbox } from "./harness";

/** A device that is always full. */
const FULL = "/dev/full";

/** Thousands of settings: more output than a pipe buffers. */
const LONG = `import { settings } from "endow";
import { z } from "zod";
const shape = Object.fromEntries(Array.from({ length: 3_000 }, (_, index) => ["greeting" + index, z.string().default("hello")]));
export const shared = settings("shared", shape as never);
`;

const PRINTING = [
  ["--version"],
  ["--help"],
  ["help", "dev"],
  ["env", "--help"],
  ["plan"],
  ["plan", "--json"],
  ["plan", "--environment", "production", "--json"],
  ["dev"],
  ["dev", "--json"],
  ["dev", "--verbose"],
  ["env"],
  ["env", "--json"],
  ["status"],
  ["status", "--json"],
  ["status", "--all"],
  ["status", "--all", "--json"],
  ["setup"],
  ["setup", "--json"],
  ["setup", "--remove"],
];

describe("what a command prints", () => {
  let box: Sandbox;
  const home = () => ({ PULUMI_HOME: path.join(box.state, "pulumi") });
  before(async () => {
    box = makeSandbox();
    box.write("settings.ts", PLAIN);
    box.write(".env", "GREETING=hi\n");
    assert.equal((await box.run(["dev"])).code, 0);
  });
  after(() => box.clean());

  for (const parameters of PRINTING)
    it(`by \`endow ${parameters.join(" ")}\` onto a full disk is an error`, async function () {
      skipUnless(this, existsSync(FULL), `there is no ${FULL}`);
      const { code, stderr } = await box.run(parameters, { into: FULL, env: home() });
      assert.equal(code, 1, stderr);
      assert.match(stderr, /error: standard output cannot be written \(ENOSPC\)\n {2}fix: .*\n {2}code: OUTPUT_FAILED\n$/);
      assert.equal(stderr.match(/error:/g)?.length, 1, stderr);
    });

  it("into a file that accepts only a part of it is an error", async () => {
    const file = path.join(box.root, "help.txt");
    const line = `ulimit -f 1; exec '${process.execPath}' '${PUBLISHED}' help dev > '${file}'`;
    const { status, stderr } = spawnSync("sh", ["-c", line], { encoding: "utf8" });
    assert.equal(status, 1, stderr);
    assert.match(stderr, /\(EFBIG\)[^]*the output is incomplete[^]*OUTPUT_FAILED/);
    assert.ok(readFileSync(file, "utf8").length > 0);
  });

  it("to a reader that closes the pipe ends quietly, with a shell's exit code for a closed pipe", async () => {
    for (const parameters of [["help", "dev"], ["plan", "--json"], ["env"]]) {
      const running = box.start(parameters, { reveals: true });
      running.child.stdout?.destroy();
      const { code, stderr } = await running.finished;
      assert.deepEqual([code, stderr], [141, ""], parameters.join(" "));
    }
  });

  it("arrives complete, even at a slow reader", async () => {
    box.write("long/package.json", '{ "name": "long" }');
    box.write("long/settings.ts", LONG);
    const running = box.start(["plan", "--json"], { cwd: path.join(box.root, "long") });
    running.child.stdout?.pause();
    // The pipe is full by then, and the rest waits in the process.
    await new Promise((resolve) => running.child.stdout?.once("readable", resolve));
    running.child.stdout?.resume();
    const { code, stdout } = await running.finished;
    assert.equal(code, 0);
    assert.equal((JSON.parse(stdout) as { variables: unknown[] }).variables.length, 3_000);
  });

  it("is not lost if standard error is closed", async function () {
    skipUnless(this, existsSync(FULL), `there is no ${FULL}`);
    const line = `exec '${process.execPath}' '${PUBLISHED}' env 2> ${FULL}`;
    const options = { cwd: box.root, encoding: "utf8", env: { ...process.env, XDG_STATE_HOME: box.state } } as const;
    const { status, stdout } = spawnSync("sh", ["-c", line], options);
    assert.deepEqual([status, stdout], [0, "GREETING=hi\n"]);
    const failed = spawnSync("sh", ["-c", line.replace(" env ", " env --group none ")], options);
    assert.equal(failed.status, 1);
  });
});
