// @ts-check
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { root } from "../root.mjs";

/**
 * Name, version and licence text of every bundled package, which the licences require for redistribution.
 * Throws for a package without a licence text.
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
  const text = licenseFile(folder) ?? licenseInReadme(folder);
  if (text === undefined) throw new Error(`${name}: has no licence text, so it cannot be bundled`);
  return `${name} ${version} (${license})\n\n${text.trim()}\n\n${"-".repeat(80)}\n`;
};

/** @param {string} folder */
const licenseFile = (folder) => readFirst(folder, /^(un)?licen[cs]e/i);

/** @param {string} folder */
const licenseInReadme = (folder) => /^#+ *licen[cs]e *\n(.+)/ims.exec(readFirst(folder, /^readme/i) ?? "")?.[1];

/** @param {string} folder @param {RegExp} name */
const readFirst = (folder, name) => {
  const file = readdirSync(path.join(root, folder)).find((entry) => name.test(entry));
  return file === undefined ? undefined : readFileSync(path.join(root, folder, file), "utf8");
};
