// @ts-check
import { parseArgs } from "node:util";

/**
 * Parses a tool's options. Prints the usage and exits for `--help`; prints the error and the usage and exits for invalid options.
 * @template {NonNullable<import("node:util").ParseArgsConfig["options"]>} T
 * @param {string} usage @param {T} options @param {{ allowPositionals?: boolean }} [more]
 * @returns {ReturnType<typeof parseArgs<{ options: T, allowPositionals: true }>>}
 */
export const parseOptions = (usage, options, { allowPositionals = false } = {}) => {
  const args = process.argv.slice(2);
  if (args.includes("--help") || args.includes("-h")) {
    console.log(usage);
    process.exit(0);
  }
  try {
    return parseArgs({ options, allowPositionals: /** @type {true} */ (allowPositionals), args });
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    process.exit(2);
  }
};
