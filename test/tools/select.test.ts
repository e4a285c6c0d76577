import assert from "node:assert/strict";
import { importTool } from "../support/tools";
import type * as Select from "../../tools/checks/select.mjs";
import type * as Steps from "../../tools/checks/steps.mjs";

describe("choosing the steps of a run", () => {
  let chosen: (...names: string[]) => string[];
  let all: string[];
  before(async () => {
    const { select } = await importTool<typeof Select>("checks/select.mjs");
    const { steps } = await importTool<typeof Steps>("checks/steps.mjs");
    chosen = (...names) => select(steps, names).map(({ name }) => name);
    all = steps.map(({ name }) => name);
  });

  it("takes all of them when none is named", () => {
    assert.deepEqual(chosen(), all);
  });

  it("takes what a named step needs, in the usual order", () => {
    assert.deepEqual(chosen("package", "types"), ["install", "types", "build", "package"]);
  });

  it("looks for printed secrets whenever tests run", () => {
    assert.deepEqual(chosen("mocha"), ["install", "build", "mocha", "secrets"]);
    assert.ok(chosen("coverage").includes("secrets"));
  });

  it("refuses a name that is no step, and says which there are", () => {
    assert.throws(() => chosen("lnit"), /unknown step: lnit; use one of install, types, lint/);
  });
});
