// @ts-check
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

const GRACE = 5000;

/**
 * Ends the processes that still work in a folder after 5 seconds' grace, and gives a line about each. Needs Linux's /proc; elsewhere
 * there is nothing to read, and it finds none.
 * @param {string} folder @returns {Promise<string[]>}
 */
export const endLeftovers = async (folder) => {
  const deadline = Date.now() + GRACE;
  while (processesIn(folder).length > 0 && Date.now() < deadline) await sleep(50);
  const left = processesIn(folder);
  for (const { pid } of left) kill(pid);
  return left.map(({ pid, name, cwd }) => `a test left a process behind: ${name} (${pid}) in ${cwd}`);
};

/** @param {string} folder */
const processesIn = (folder) =>
  entriesOf("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((pid) => {
      try {
        const cwd = readlinkSync(`/proc/${pid}/cwd`);
        return cwd.startsWith(`${folder}/`) ? [{ pid: Number(pid), name: readFileSync(`/proc/${pid}/comm`, "utf8").trim(), cwd }] : [];
      } catch {
        // It ended meanwhile, or is another user's.
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
