import { writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { exec } from "tinyexec";
import { cachedFolder } from "./cached";

/**
 * `node_modules` with packages of npm (`"bun@1.4.5"`), installed in the user's cache on first use, without running their install scripts.
 * Prints the reason and returns `undefined` if they cannot be had.
 *
 * @param name of the folder in the cache, with the versions in it
 */
export const fromNpm = async (name: string, packages: readonly string[]): Promise<string | undefined> =>
  orReason(name, () => installed(name, packages));

/** What `get` returns. Prints the reason and returns `undefined` if it fails. */
export const orReason = async <T>(what: string, get: () => Promise<T>): Promise<T | undefined> => {
  try {
    return await get();
  } catch (error) {
    console.log(`SKIP: ${what}: ${(error instanceof Error ? error.message : String(error)).trim().split("\n").at(-1)}`);
    return undefined;
  }
};

/** Like `fromNpm`, but throws if they cannot be had. */
export const installed = async (name: string, packages: readonly string[]): Promise<string> => {
  const folder = await cachedFolder(name, async (fresh) => {
    await writeFile(path.join(fresh, "package.json"), '{ "private": true }');
    await npm(["install", "--ignore-scripts", "--no-audit", "--no-fund", ...packages], fresh);
  });
  return path.join(folder, "node_modules");
};

/** Runs npm, and returns its output. */
export const npm = async (args: readonly string[], cwd = os.tmpdir()): Promise<string> => {
  const { stdout, stderr, exitCode } = await exec("npm", [...args], {
    timeout: 300_000,
    nodeOptions: { cwd, stdio: ["ignore", "pipe", "pipe"] },
  });
  if (exitCode !== 0) throw new Error(`npm ${args.slice(0, 2).join(" ")}: ${stderr.trim().split("\n").at(-1)}`);
  return stdout;
};
