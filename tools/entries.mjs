// @ts-check
import { readFileSync } from "node:fs";
import path from "node:path";
import { root } from "./root.mjs";

/**
 * The package's entry points: `exports` of package.json is the single list, and every tool reads it here. `dist/x/index.js` is made of `lib/x/index.ts`.
 *
 * @typedef {{ specifier: string, source: string, output: string, formats: readonly ("cjs" | "esm")[] }} Entry
 */

/** @returns {readonly Entry[]} */
export const entries = () => {
  /** @type {{ name: string, exports: Record<string, { require?: { default: string }, default?: string }> }} */
  const { name, exports } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
  return Object.entries(exports)
    .filter(([subpath]) => subpath !== "./package.json")
    .map(([subpath, conditions]) => {
      const output = (conditions.require?.default ?? conditions.default ?? "").replace(/^\.\//, "").replace(/\.js$/, "");
      return {
        specifier: path.posix.join(name, subpath),
        source: `${output.replace(/^dist\//, "lib/")}.ts`,
        output,
        formats: "import" in conditions ? ["cjs", "esm"] : ["cjs"],
      };
    });
};
