// @ts-check

/** @typedef {import("./run-steps.mjs").Step} Step */

/**
 * The named steps, all when none is named, in their usual order: with what they need and what goes along with them.
 * Throws for a name that is no step.
 * @param {readonly Step[]} steps @param {readonly string[]} names
 */
export const select = (steps, names) => {
  const unknown = names.filter((name) => !steps.some((step) => step.name === name));
  if (unknown.length > 0) throw new Error(`no such step: ${unknown.join(", ")}; there is ${steps.map(({ name }) => name).join(", ")}`);
  if (names.length === 0) return steps;
  const wanted = new Set(names);
  // A step comes after what it needs, so one pass from the end finds them all.
  for (const { name, needs = [] } of steps.toReversed()) if (wanted.has(name)) for (const needed of needs) wanted.add(needed);
  for (const { name, alongWith = "" } of steps) if (wanted.has(alongWith)) wanted.add(name);
  return steps.filter((step) => wanted.has(step.name));
};

/** @param {readonly Step[]} steps */
export const help = (steps) =>
  [
    "npm test                                  everything",
    "npm test -- --only types,lint             these steps, and what they need",
    "npm test -- test/runtime                  the tests in a folder",
    "npm test -- test/runtime/load.test.ts     one file of tests",
    "",
    "steps:",
    ...steps.map(({ name, about }) => `  ${name.padEnd(10)}${about}`),
  ].join("\n");
