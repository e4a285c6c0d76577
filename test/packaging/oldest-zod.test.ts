import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { root } from "../support/package";
import { PATIENCE } from "../support/supervised";

/** The tests of everything that uses the app's zod and starts no server. */
const TESTS = ["*", "connection/*", "declaration/*", "kinds/*", "plan/*", "runtime/*", "values/*"];
/** These need other programs. */
const WITHOUT = ["connection/python", "kinds/container"];
/** The commands have a zod of their own. */
const OF_COMMANDS = "can be a login";

/** Gives every module `zod/v4` of zod 3.25 for zod, and prints at the end whether one asked for it. */
const HOOK = `
const Module = require("node:module");
const { _resolveFilename: resolve } = Module;
const asked = new Set();
Module._resolveFilename = function (request, ...rest) {
  if (request !== "zod" && request !== "zod/v4") return resolve.call(this, request, ...rest);
  asked.add(request);
  return resolve.call(this, "zod-3.25/v4", ...rest);
};
process.once("exit", () => console.log("\\nasked for " + [...asked].sort().join(" and ")));
`;

describe("zod/v4 of zod 3.25, the oldest that endow supports", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), "endow-oldest-zod-"));
    writeFileSync(path.join(folder, "hook.cjs"), HOOK);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("passes the same tests as the newest", () => {
    const specs = TESTS.map((name) => `build/test/${name}.test.js`);
    const required = ["build/test/support/setup.js", path.join(folder, "hook.cjs")].flatMap((file) => ["--require", file]);
    const ignored = WITHOUT.flatMap((name) => ["--ignore", `build/test/${name}.test.js`]);
    const args = ["--no-config", "--reporter", "dot", "--timeout", `${PATIENCE}`, "--invert", "--grep", OF_COMMANDS];
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      ["node_modules/mocha/bin/mocha.js", ...args, ...required, ...ignored, ...specs],
      { cwd: root, encoding: "utf8", timeout: 2 * PATIENCE },
    );
    assert.equal(status, 0, `${stdout}\n${stderr}`);
    assert.match(stdout, /asked for zod and zod\/v4/);
    const passed = Number(/(\d+) passing/.exec(stdout)?.[1]);
    assert.ok(passed > 500, `only ${passed} tests ran`);
  });
});
