// @ts-check
import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { isAtLeast } from "./library.mjs";
import { foldersOnPath } from "./probe.mjs";

/** @typedef {{ source: string, command: string }} Place */

/**
 * Possible locations of a Pulumi CLI on this machine, in order of preference. `ENDOW_PULUMI` names the program, or the folder with
 * `bin/pulumi`; if set, no other location is used.
 * @returns {Place[]}
 */
export const places = () => {
  const named = process.env["ENDOW_PULUMI"];
  if (named) return [{ source: "ENDOW_PULUMI", command: namedBy(path.resolve(named)) }];
  return [
    ...foldersOnPath().map((folder) => ({ source: "PATH", command: path.join(folder, "pulumi") })),
    ...foldersOf(process.env["PULUMI_HOME"] ?? path.join(homedir(), ".pulumi")),
  ].filter(({ command }) => existsSync(command));
};

/** @param {string} named */
const namedBy = (named) => (existsSync(path.join(named, "bin/pulumi")) ? path.join(named, "bin/pulumi") : named);

/** Locations used by Pulumi's installer, its Automation API and its npm package. @param {string} home */
const foldersOf = (home) => {
  const versions = existsSync(path.join(home, "versions")) ? readdirSync(path.join(home, "versions")) : [];
  return [home, ...versions.toSorted(newestFirst).map((version) => path.join(home, "versions", version))].map((root) => ({
    source: home,
    command: path.join(root, "bin/pulumi"),
  }));
};

/** @param {string} one @param {string} other */
const newestFirst = (one, other) => (one === other ? 0 : isAtLeast(one, other) ? -1 : 1);
