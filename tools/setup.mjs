// @ts-check
// What every tool needs first. Runs before anything is installed, so it imports Node's own modules only, as all of tools/checks does.
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { npm, run } from "./checks/command.mjs";
import { root } from "./root.mjs";

/**
 * @typedef {{ packages: Record<string, { version?: string, integrity?: string, optional?: boolean, devOptional?: boolean }> }} Lockfile
 */

/**
 * Fetches the dependencies that package-lock.json names where they are missing or others, and says so. No package's own script runs.
 * Throws when npm cannot.
 */
export const install = async () => {
  requireNode();
  if (!isInstalled(readLockfile("package-lock.json"), readLockfile("node_modules/.package-lock.json"))) {
    console.log("fetching the dependencies with `npm ci`: a minute or so, once");
    const { code } = await run([...npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: root, show: true });
    if (code !== 0) throw new Error("`npm ci` could not fetch the dependencies: what it said is above");
  }
};

/** Throws where Node is older than package.json allows. @param {string} [version] */
export const requireNode = (version = process.versions.node) => {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) throw new Error(`endow needs Node 20.19 or newer, and this is Node ${version}`);
};

/**
 * Whether what npm noted in `node_modules` is what the lockfile asks for. By content, since a checkout changes dates.
 * Optional packages (binaries for other systems) may be absent.
 * @param {Lockfile | undefined} lockfile @param {Lockfile | undefined} installed
 */
export const isInstalled = (lockfile, installed) =>
  lockfile !== undefined &&
  installed !== undefined &&
  Object.entries(lockfile.packages)
    .filter(([folder]) => folder !== "")
    .every(([folder, wanted]) => {
      const found = installed.packages[folder];
      if (found === undefined) return wanted.optional === true || wanted.devOptional === true;
      return found.version === wanted.version && found.integrity === wanted.integrity;
    });

/** @param {string} file @returns {Lockfile | undefined} */
const readLockfile = (file) => {
  const absolute = path.join(root, file);
  return existsSync(absolute) ? JSON.parse(readFileSync(absolute, "utf8")) : undefined;
};
