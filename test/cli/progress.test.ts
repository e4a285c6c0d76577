import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import path from "node:path";
import { skipWithout } from "../support/prerequisite";

const PROGRESS = path.join(__dirname, "../../lib/cli/progress.js");

/** Shows two steps on a terminal whose width changes in between. */
const show = (before: number, after: number) => {
  const steps = `const { execFileSync } = require("node:child_process");
    require(${JSON.stringify(PROGRESS)}).withProgress("working", async (update) => {
      const shown = new Promise((resolve) => {
        const write = process.stderr.write.bind(process.stderr);
        process.stderr.write = (chunk, ...rest) => (String(chunk).includes("the second step") && resolve(), write(chunk, ...rest));
      });
      update("the first step");
      execFileSync("stty", ["cols", "${after}"], { stdio: ["inherit", "pipe", "pipe"] });
      process.stderr._refreshSize();
      update("the second step");
      await shown;
    }).then(() => console.log("done"));`;
  const words = [process.execPath, "-e", steps].map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
  // A division by zero columns would never return.
  return spawnSync("script", ["-qec", `stty cols ${before}; ${words}`, "/dev/null"], { encoding: "utf8", timeout: 30_000, input: "" });
};

describe("progress on a terminal", () => {
  for (const [before, after] of [
    [80, 80],
    [0, 0],
    [80, 0],
    [0, 80],
    [1, 1],
  ] as const)
    it(`of ${before} columns that then has ${after} is shown, and ends`, async function () {
      await skipWithout(this, "script", "stty");
      const { status, stdout } = show(before, after);
      assert.equal(status, 0, stdout.slice(0, 500));
      assert.match(stdout, /the first step/);
      assert.match(stdout, /the second step[^]*done/);
    });
});
