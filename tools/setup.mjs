// @ts-check
// Prerequisites of every tool. Runs before anything is installed, so it imports only Node's built-in modules, like all of tools/checks.
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { npm, run } from "./checks/command.mjs";
import { root } from "./root.mjs";

/**
 * @typedef {{ packages: Record<string, { version?: string, integrity?: string, optional?: boolean, devOptional?: boolean }> }} Lockfile
 */

/**
 * Installs the dependencies of package-lock.json if they are missing or different, and reports it. Runs no install scripts.
 * Throws if npm fails.
 */
export const install = async () => {
  requireNode();
  if (!isInstalled(readLockfile("package-lock.json"), readLockfile("node_modules/.package-lock.json"))) {
    console.log("installing the dependencies with `npm ci`: takes about a minute, once");
    const { code } = await run([...npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: root, show: true });
    if (code !== 0) throw new Error("`npm ci` could not install the dependencies: see its output above");
  }
};

/** Throws if Node is older than package.json allows. @param {string} [version] */
export const requireNode = (version = process.versions.node) => {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) throw new Error(`endow needs Node 20.19 or newer, but this is Node ${version}`);
};

/**
 * Whether npm's record in `node_modules` matches the lockfile. Compares contents, because a checkout changes dates.
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
