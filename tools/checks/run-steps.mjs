// @ts-check
import { checked, skippedFor } from "./summary.mjs";

/**
 * @typedef {object} Run  input of every step; the working directory is the repository
 * @property {string} folder  for files of this run; deleted at the end
 * @property {readonly string[]} paths  the tests to run; all if empty
 */
/**
 * @typedef {object} Step
 * @property {string} name
 * @property {string} about  one line for the help
 * @property {readonly string[]} [needs]  steps that must pass first
 * @property {boolean} [early]  starts as soon as its needs have passed, in parallel with earlier steps
 * @property {string} [alongWith]  always runs after this step, whatever its result
 * @property {(run: Run & { printed: string }) => Promise<import("./summary.mjs").Result>} run  `printed`: output of the earlier steps
 */

/**
 * Runs the steps one after another, regardless of failures; early ones in parallel. Skips steps whose needs did not pass.
 * @param {readonly Step[]} steps @param {Run} run @param {(line: string) => void} [say]
 */
export const runSteps = async (steps, run, say = console.log) => {
  /** @type {Map<string, import("./summary.mjs").Result>} */
  const results = new Map();
  /** @type {Map<string, ReturnType<typeof timed>>} */
  const begun = new Map();
  let printed = "";
  const ready = (/** @type {Step} */ step) => (step.needs ?? []).every((name) => passed(results.get(name)));
  const begin = (/** @type {Step} */ step) => begun.get(step.name) ?? timed(() => step.run({ ...run, printed }));
  for (const step of steps) {
    const title = step.name.padEnd(10);
    const missing = (step.needs ?? []).find((name) => !passed(results.get(name)));
    if (missing !== undefined) {
      say(`${title} skipped: ${missing} did not pass`);
      results.set(step.name, skippedFor(`${step.name}: ${missing} did not pass`));
      continue;
    }
    say(`${title} ...`);
    const { result, seconds } = await begin(step);
    if (result.failed > 0) say(`${result.output}${title} FAILED  ${seconds}\n`);
    else say(`${title} ${result.passed === 0 ? "skipped" : "ok"}  ${seconds}`);
    printed += (result.shown ?? "") + result.output;
    results.set(step.name, result);
    for (const next of steps) if (next.early && !results.has(next.name) && ready(next)) begun.set(next.name, begin(next));
  }
  return [...results.values()];
};

/** @param {() => Promise<import("./summary.mjs").Result>} work */
const timed = async (work) => {
  const start = performance.now();
  const result = await work().catch(failure);
  return { result, seconds: `${((performance.now() - start) / 1000).toFixed(1)} s` };
};

/** @param {import("./summary.mjs").Result | undefined} result */
const passed = (result) => result !== undefined && result.failed === 0 && result.passed > 0;

/** @param {unknown} error */
const failure = (error) => checked(false, `${error instanceof Error ? error.stack : String(error)}\n`);
