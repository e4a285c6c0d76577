import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import path from "node:path";
import { root } from "../support/package";
import { PATIENCE } from "../support/supervised";

const run = (tool: string, ...args: string[]) =>
  spawnSync(process.execPath, [path.join(root, "tools", tool), ...args], { cwd: root, encoding: "utf8", timeout: PATIENCE });

describe("the options of the project's tools", () => {
  for (const tool of ["demo.mjs", "build.mjs", "bench.mjs", "engine.mjs"]) {
    it(`are told by ${tool} --help, which does nothing else`, () => {
      const { status, stdout, stderr } = run(tool, "--help");
      assert.deepEqual([status, stderr], [0, ""]);
      assert.match(stdout, /^(Makes|node|npm run) /);
    });

    it(`are refused by ${tool} with the usage when one is unknown`, () => {
      const { status, stdout, stderr } = run(tool, "--nonsense");
      assert.deepEqual([status, stdout], [2, ""]);
      assert.match(stderr, /^Unknown option '--nonsense'.*\n\n(Makes|node|npm run) /);
      assert.doesNotMatch(stderr, /\n {4}at /);
    });
  }
});
