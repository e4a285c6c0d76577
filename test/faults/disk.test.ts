import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { makeSandbox, type Finished, type Sandbox } from "../cli/harness";
import { assertNothingLeft, EVERYTHING } from "../support/faults";
import { skipUnless } from "../support/prerequisite";

const assertOneError = ({ code, stderr }: Finished) => {
  assert.equal(code, 1, stderr);
  assert.equal(stderr.match(/^error:/gm)?.length, 1, stderr);
  const problems = stderr.match(/^ {2}- .*$/gm) ?? [];
  // One thing that went wrong has its fix below the error, each of several its own.
  if (problems.length === 0) assert.match(stderr, /^ {2}fix: /m);
  else assert.equal(stderr.match(/^ {6}fix: /gm)?.length, problems.length, stderr);
  assert.deepEqual(problems, [...new Set(problems)]);
  assert.doesNotMatch(stderr, /bug in endow/);
};

describe("`endow dev` on a disk that is full", () => {
  let box: Sandbox;
  const mount = (...options: string[]) => spawnSync("mount", ["-t", "tmpfs", "-o", options.join(","), "tmpfs", box.state]).status === 0;
  before(() => {
    box = makeSandbox();
    box.write("settings.ts", EVERYTHING);
    mkdirSync(box.state);
  });
  after(async () => {
    try {
      await box.run(["dev", "--down", "--yes"]);
    } finally {
      spawnSync("umount", [box.state]);
      rmSync(box.state, { recursive: true });
    }
    await box.clean();
  });

  it("is one error each time, leaves nothing half-made, and goes on once there is room", async function () {
    skipUnless(this, mount("size=16k"), "no file system can be mounted here");
    for (const size of ["16k", "256k", "4m", "30m"]) {
      assert.ok(mount("remount", `size=${size}`));
      const result = await box.run(["dev", "--", "echo", "the app runs"]);
      assertOneError(result);
      assert.equal(result.stdout, "");
      const half = readdirSync(box.state, { recursive: true, encoding: "utf8" }).filter((file) => file.includes("making-"));
      assert.deepEqual(half, []);
    }
    assert.ok(mount("remount", "size=600m"));
    const { code, stdout, stderr } = await box.run(["dev", "--", "echo", "the app runs"]);
    assert.equal(code, 0, stderr);
    assert.equal(stdout, "the app runs\n");
  });

  it("that fills up while the servers run is one error, and does not stand in the way of `--down`", async function () {
    skipUnless(this, readdirSync(box.state).length > 0, "no file system can be mounted here");
    spawnSync("sh", ["-c", 'cat /dev/zero > "$0/waste"', box.state]);
    assertOneError(await box.run(["dev", "--", "echo", "the app runs"]));
    const { code, stderr } = await box.run(["dev", "--down", "--yes"]);
    assert.equal(code, 0, stderr);
    await assertNothingLeft(box, []);
  });
});
