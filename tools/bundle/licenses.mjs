// @ts-check
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { root } from "../root.mjs";

/**
 * Name, version and licence text of every package that the bundles contain, as their licences ask of whoever passes them on.
 * Throws for a package that has no licence text.
 * @param {readonly import("esbuild").Metafile[]} metafiles
 */
export const licensesOf = (metafiles) => {
  const files = metafiles.flatMap((metafile) => Object.keys(metafile.inputs));
  const folders = new Set(files.map(packageFolder).filter((folder) => folder !== undefined));
  return [...folders].toSorted().map(section).join("\n");
};

/** @param {string} file */
const packageFolder = (file) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1];

/** @param {string} folder */
const section = (folder) => {
  const { name, version, license } = JSON.parse(readFileSync(path.join(root, folder, "package.json"), "utf8"));
  const file = readdirSync(path.join(root, folder)).find((entry) => /^licen[cs]e/i.test(entry));
  if (file === undefined) throw new Error(`${name}: has no licence file, so it cannot be bundled`);
  return `${name} ${version} (${license})\n\n${readFileSync(path.join(root, folder, file), "utf8").trim()}\n\n${"-".repeat(80)}\n`;
};
