// @ts-check
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * Stops processes started by the tests that are still running after a grace period, and returns a line about each.
 * Requires Linux's /proc; finds none on other systems.
 * @param {string} folder  the tests' own folder for temporary files
 * @param {number} [grace]  milliseconds that they have to exit
 * @returns {Promise<string[]>}
 */
export const endLeftovers = async (folder, grace = 30_000) => {
  const deadline = Date.now() + grace;
  while (processesIn(folder).length > 0 && Date.now() < deadline) await sleep(50);
  const left = processesIn(folder);
  for (const { pid } of left) kill(pid);
  return left.map(({ pid, name, cwd }) => `a test left a process behind: ${name} (${pid}) in ${cwd}`);
};

/** Processes that work in the folder or have it as TMPDIR. @param {string} folder */
const processesIn = (folder) =>
  entriesOf("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((pid) => {
      try {
        const cwd = readlinkSync(`/proc/${pid}/cwd`);
        const own = cwd.startsWith(`${folder}/`) || readFileSync(`/proc/${pid}/environ`, "latin1").includes(folder);
        return own ? [{ pid: Number(pid), name: readFileSync(`/proc/${pid}/comm`, "utf8").trim(), cwd }] : [];
      } catch {
        // It exited meanwhile, or belongs to another user.
        return [];
      }
    });

/** @param {string} folder */
const entriesOf = (folder) => {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
};

/** @param {number} pid */
const kill = (pid) => {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ESRCH") return;
    throw error;
  }
};
