// @ts-check
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { build } from "esbuild";
import { common } from "./common.mjs";
import { root } from "../root.mjs";

/** Builds every source file separately, with a source map: tests can import any of them, and coverage maps to lines. @param {string} outdir */
export const buildSeparately = (outdir) =>
  build({
    ...common,
    entryPoints: ["lib", "test", "bench"].flatMap(sources),
    outdir,
    outbase: ".",
    format: "cjs",
    sourcemap: "linked",
  });

/** @param {string} folder */
const sources = (folder) =>
  (existsSync(path.join(root, folder)) ? readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true }) : [])
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts") && !entry.name.endsWith(".d.ts"))
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)));
