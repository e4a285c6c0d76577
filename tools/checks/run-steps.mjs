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

/** Runs the steps one after another, whatever they find. @param {readonly Step[]} steps @param {Run} run */
export const runSteps = async (steps, run) => {
  /** @type {Map<string, import("./summary.mjs").Result>} */
  const results = new Map();
  let printed = "";
  for (const step of steps) {
    const failed = (step.needs ?? []).find((name) => results.get(name)?.passed === 0 || (results.get(name)?.failed ?? 0) > 0);
    if (failed !== undefined) {
      results.set(step.name, skippedFor(`${step.name}: ${failed} failed`));
      console.log(`${step.name.padEnd(10)} skipped: ${failed} failed`);
      continue;
    }
    console.log(`${step.name.padEnd(10)} ...`);
    const start = performance.now();
    const result = await step
      .run({ ...run, printed })
      .catch((error) => checked(false, `${error instanceof Error ? error.stack : error}\n`));
    printed += result.output;
    results.set(step.name, result);
    const seconds = `${((performance.now() - start) / 1000).toFixed(1)} s`;
    if (result.failed > 0) console.log(`${result.output.trimEnd()}\n${step.name.padEnd(10)} FAILED  ${seconds}\n`);
    else console.log(`${step.name.padEnd(10)} ${result.passed === 0 ? "skipped" : "ok"}  ${seconds}`);
  }
  return [...results.values()];
};
