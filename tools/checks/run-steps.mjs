// @ts-check
import { checked, skippedFor } from "./summary.mjs";

/**
 * @typedef {object} Run  what every step is told; the working directory is the repository
 * @property {string} folder  for this run's own files; removed at its end
 * @property {readonly string[]} paths  the tests to run; all when empty
 */
/**
 * @typedef {object} Step
 * @property {string} name
 * @property {string} about  one line for the help
 * @property {readonly string[]} [needs]  steps without which this one says nothing
 * @property {string} [alongWith]  a step that this one follows whenever it runs, however it ends
 * @property {(run: Run & { printed: string }) => Promise<import("./summary.mjs").Result>} run  `printed`: what the steps before it wrote
 */

/**
 * Runs the steps one after another, whatever they find. What needs a step that did not pass is skipped.
 * @param {readonly Step[]} steps @param {Run} run @param {(line: string) => void} [say]
 */
export const runSteps = async (steps, run, say = console.log) => {
  /** @type {Map<string, import("./summary.mjs").Result>} */
  const results = new Map();
  let printed = "";
  for (const step of steps) {
    const title = step.name.padEnd(10);
    const missing = (step.needs ?? []).find((name) => !passed(results.get(name)));
    if (missing !== undefined) {
      say(`${title} skipped: ${missing} did not pass`);
      results.set(step.name, skippedFor(`${step.name}: ${missing} did not pass`));
      continue;
    }
    say(`${title} ...`);
    const start = performance.now();
    const result = await step.run({ ...run, printed }).catch(failure);
    const seconds = `${((performance.now() - start) / 1000).toFixed(1)} s`;
    if (result.failed > 0) say(`${result.output}${title} FAILED  ${seconds}\n`);
    else say(`${title} ${result.passed === 0 ? "skipped" : "ok"}  ${seconds}`);
    printed += (result.shown ?? "") + result.output;
    results.set(step.name, result);
  }
  return [...results.values()];
};

/** @param {import("./summary.mjs").Result | undefined} result */
const passed = (result) => result !== undefined && result.failed === 0 && result.passed > 0;

/** @param {unknown} error */
const failure = (error) => checked(false, `${error instanceof Error ? error.stack : String(error)}\n`);
