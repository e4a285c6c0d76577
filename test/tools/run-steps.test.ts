import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import { importTool } from "../support/tools";
import type * as RunSteps from "../../tools/checks/run-steps.mjs";
import type * as Summary from "../../tools/checks/summary.mjs";

describe("running the steps", () => {
  let run: (steps: Parameters<(typeof RunSteps)["runSteps"]>[0]) => Promise<{ line: string; said: string }>;
  let checked: (typeof Summary)["checked"];
  before(async () => {
    const summary = await importTool<typeof Summary>("checks/summary.mjs");
    const { runSteps } = await importTool<typeof RunSteps>("checks/run-steps.mjs");
    checked = summary.checked;
    run = async (steps) => {
      const lines: string[] = [];
      const results = await runSteps(steps, { folder: tmpdir(), paths: [] }, (line) => lines.push(line));
      return { line: summary.summaryLine(results), said: lines.join("\n") };
    };
  });
  const step = (name: string, ok: boolean, needs: string[] = []) => ({
    name,
    about: "",
    needs,
    run: async () => checked(ok, `${name} printed this\n`),
  });

  it("goes on after a step that failed, and shows what only that one printed", async () => {
    const { line, said } = await run([step("types", false), step("lint", true)]);
    assert.equal(line, "1 passed, 1 failed, 0 skipped");
    assert.match(said, /types printed this\ntypes +FAILED/);
    assert.doesNotMatch(said, /lint printed this/);
  });

  it("skips what needs a step that failed or was skipped itself", async () => {
    const { line, said } = await run([step("build", false), step("mocha", true, ["build"]), step("coverage", true, ["mocha"])]);
    assert.equal(line, "0 passed, 1 failed, 2 skipped");
    assert.match(said, /coverage +skipped: mocha did not pass/);
  });

  it("counts a step that threw as failed, with the error", async () => {
    const broken = { name: "broken", about: "", run: () => Promise.reject(new Error("the disk is full")) };
    const { line, said } = await run([broken]);
    assert.equal(line, "0 passed, 1 failed, 0 skipped");
    assert.match(said, /the disk is full/);
  });

  it("hands each step what the ones before it printed", async () => {
    let printed = "";
    const reading = {
      name: "secrets",
      about: "",
      run: async (context: { printed: string }) => {
        printed = context.printed;
        return checked(true);
      },
    };
    await run([step("types", true), step("lint", false), reading]);
    assert.equal(printed, "types printed this\nlint printed this\n");
  });

  it("has an early step go on beside the ones before it, and counts it in its turn", async () => {
    const order: string[] = [];
    let end: (() => void) | undefined;
    const early = {
      name: "engine",
      about: "",
      needs: ["install"],
      early: true,
      run: () =>
        new Promise<Summary.Result>((resolve) => {
          order.push("engine");
          end = () => resolve(checked(false, "engine printed this\n"));
        }),
    };
    const types = {
      ...step("types", true),
      run: async () => {
        order.push("types");
        end?.();
        return checked(true);
      },
    };
    const { line, said } = await run([step("install", true), types, early, step("mocha", true, ["engine"])]);
    assert.deepEqual(order, ["engine", "types"]);
    assert.equal(line, "2 passed, 1 failed, 1 skipped");
    assert.match(said, /types +ok.*engine +\.\.\.\n.*engine +FAILED.*mocha +skipped: engine did not pass/s);
  });

  it("does not start an early step whose need failed", async () => {
    const early = { ...step("engine", true, ["install"]), early: true };
    assert.equal((await run([step("install", false), early])).line, "0 passed, 1 failed, 1 skipped");
  });
});
