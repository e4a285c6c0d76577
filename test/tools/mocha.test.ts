import assert from "node:assert/strict";
import { importTool } from "../support/tools";
import type * as MochaStep from "../../tools/checks/mocha.mjs";

describe("running the tests", () => {
  let step: typeof MochaStep;
  before(async () => {
    step = await importTool<typeof MochaStep>("checks/mocha.mjs");
  });

  it("collects the reasons that tests print before they skip", () => {
    const output = "  a suite\nSKIP: Python with asyncpg: no python3\n    - works\n    SKIP: setpriv: not on PATH\n";
    assert.deepEqual(step.reasonsIn(output), ["SKIP: Python with asyncpg: no python3", "SKIP: setpriv: not on PATH"]);
  });

  it("finds the built form of a file and of a folder", () => {
    assert.equal(step.builtSpec("test/tools/mocha.test.ts"), "build/test/tools/mocha.test.js");
    assert.equal(step.builtSpec("test/tools/"), "build/test/tools/**/*.test.js");
  });

  it("refuses a path that is not there", () => {
    assert.throws(() => step.builtSpec("test/nothing.test.ts"), /test\/nothing\.test\.ts: no such file or folder/);
  });

  it("begins with what takes long", () => {
    const files = [
      "app/root.test.js",
      "pulumi/engine/cli.test.js",
      "faults/ci.test.js",
      "pulumi/app.test.js",
      "pulumi/engine/kill.test.js",
    ];
    assert.deepEqual(step.longFirst(files), [
      "pulumi/engine/kill.test.js",
      "pulumi/engine/cli.test.js",
      "faults/ci.test.js",
      "app/root.test.js",
      "pulumi/app.test.js",
    ]);
  });
});
