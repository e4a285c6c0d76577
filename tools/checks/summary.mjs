// @ts-check

/**
 * The result of a step. `skips` lists each skipped check with its reason.
 * @typedef {object} Result
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 * @property {readonly string[]} skips
 * @property {string} output  shown if something failed
 * @property {string} [shown]  already printed
 */

/** @type {Result} */
const nothing = { passed: 0, failed: 0, skipped: 0, skips: [], output: "" };

/** One check that passed or failed. @param {boolean} ok @param {string} output @returns {Result} */
export const checked = (ok, output = "") => ({ ...nothing, passed: ok ? 1 : 0, failed: ok ? 0 : 1, output });

/** One check that could not run. @param {string} why @returns {Result} */
export const skippedFor = (why) => ({ ...nothing, skipped: 1, skips: [why] });

/** The combined result of several steps. @param {readonly Result[]} results @returns {Result} */
export const total = (results) =>
  results.reduce(
    (sum, result) => ({
      passed: sum.passed + result.passed,
      failed: sum.failed + result.failed,
      skipped: sum.skipped + result.skipped,
      skips: [...sum.skips, ...result.skips],
      output: sum.output + result.output,
    }),
    nothing,
  );

/** The last line of a run. @param {readonly Result[]} results */
export const summaryLine = (results) => {
  const { passed, failed, skipped } = total(results);
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
};

/** Each skipped check with its reason; empty if there is none. @param {readonly Result[]} results */
export const skipReport = (results) => {
  const { skipped, skips } = total(results);
  if (skipped === 0) return "";
  return ["", `SKIPPED: ${skipped}`, ...new Set(skips.map((skip) => `  ${skip}`)), ""].join("\n");
};
