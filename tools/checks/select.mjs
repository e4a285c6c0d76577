// @ts-check

/** @typedef {import("./run-steps.mjs").Step} Step */

/**
 * The named steps, or all by default, in their usual order, with their needs and the steps that run along with them.
 * Throws for an unknown step.
 * @param {readonly Step[]} steps @param {readonly string[]} names
 */
export const select = (steps, names) => {
  const unknown = names.filter((name) => !steps.some((step) => step.name === name));
  if (unknown.length > 0) throw new Error(`unknown step: ${unknown.join(", ")}; use one of ${steps.map(({ name }) => name).join(", ")}`);
  if (names.length === 0) return steps;
  const wanted = new Set(names);
  // A step comes after its needs, so one pass from the end finds them all.
  for (const { name, needs = [] } of steps.toReversed()) if (wanted.has(name)) for (const needed of needs) wanted.add(needed);
  for (const { name, alongWith = "" } of steps) if (wanted.has(alongWith)) wanted.add(name);
  return steps.filter((step) => wanted.has(step.name));
};

/** @param {readonly Step[]} steps */
export const help = (steps) =>
  [
    "npm test                                  everything",
    "npm test -- --only types,lint             these steps and their needs",
    "npm test -- test/runtime                  the tests of a folder",
    "npm test -- test/runtime/load.test.ts     one test file",
    "",
    "steps:",
    ...steps.map(({ name, about }) => `  ${name.padEnd(10)}${about}`),
  ].join("\n");
