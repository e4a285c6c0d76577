import assert from "node:assert/strict";
import fc from "fast-check";
import { importTool } from "../support/tools";
import type * as Summary from "../../tools/checks/summary.mjs";

describe("the summary of a run", () => {
  let summary: typeof Summary;
  before(async () => {
    summary = await importTool<typeof Summary>("checks/summary.mjs");
  });

  it("ends in one line that adds up every step", () => {
    const tests = { passed: 40, failed: 2, skipped: 3, skips: [], output: "" };
    assert.equal(summary.summaryLine([summary.checked(true), summary.checked(false), tests]), "41 passed, 3 failed, 3 skipped");
  });

  it("counts a step that could not run as skipped", () => {
    assert.equal(summary.summaryLine([summary.skippedFor("package: build failed")]), "0 passed, 0 failed, 1 skipped");
  });

  it("adds up to the same however the steps are grouped", () => {
    const result = fc.record({ passed: fc.nat(), failed: fc.nat(), skipped: fc.nat(), skips: fc.array(fc.string()), output: fc.string() });
    fc.assert(
      fc.property(fc.array(result), fc.array(result), (first, second) => {
        assert.deepEqual(summary.total([summary.total(first), summary.total(second)]), summary.total([...first, ...second]));
      }),
    );
  });

  it("says each reason for a skip once, and nothing when nothing was skipped", () => {
    const skipped = { ...summary.skippedFor("SKIP: Python: not found"), skips: ["SKIP: Python: not found", "SKIP: Python: not found"] };
    assert.equal(summary.skipReport([skipped]), "\nSKIPPED: 1\n  SKIP: Python: not found\n");
    assert.equal(summary.skipReport([summary.checked(true)]), "");
  });
});
