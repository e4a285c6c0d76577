import { realpathSync } from "node:fs";
import path from "node:path";
import { codeOf } from "../errors";
import { platform } from "./platform/current";
import type { ProcessEntry } from "./platform/platform";
import type { Service } from "./service";

/** Identifies one process permanently: a pid alone is reused later and means nothing after a reboot. */
export interface Identity {
  readonly pid: number;
  readonly startTime: string;
  readonly bootId: string;
}

/** `undefined` if there is no such process or it is a zombie. */
export const identify = (pid: number): Identity | undefined => {
  const entry = platform().find(pid);
  return entry === undefined || entry.zombie ? undefined : { pid, startTime: entry.startTime, bootId: platform().bootId() };
};

export const isAlive = (identity: Identity): boolean => {
  const entry = platform().find(identity.pid);
  return entry !== undefined && !entry.zombie && entry.startTime === identity.startTime && platform().bootId() === identity.bootId;
};

/** Whether this exact process still runs with its working directory inside `folder`. */
export const runsIn = (identity: Identity, folder: string): boolean => {
  const directory = isAlive(identity) ? platform().workingDirectory(identity.pid) : undefined;
  return directory !== undefined && inside(actual(folder), directory) && platform().worksHere(identity.pid, directory);
};

/** Whether a service's process still runs. A state file is trusted only if the process matches. */
export const runsFor = ({ folder, directory }: Service, identity: Identity): boolean =>
  directory === undefined ? runsIn(identity, folder) : isAlive(identity);

/**
 * The processes of the group that this process leads, or led before it exited. The system does not reuse the leader's pid while
 * the group has members.
 */
export const groupOf = ({ pid, startTime, bootId }: Identity): ProcessEntry[] => {
  const { find, workingDirectories } = platform();
  const leader = find(pid);
  if (platform().bootId() !== bootId || (leader !== undefined && leader.startTime !== startTime)) return [];
  return [...workingDirectories().keys()].map(find).filter((entry) => entry?.group === pid && !entry.zombie) as ProcessEntry[];
};

/** Signals this exact process; does nothing if it is gone. */
export const signal = (identity: Identity, name: NodeJS.Signals): void => {
  if (!isAlive(identity)) return;
  try {
    process.kill(identity.pid, name);
  } catch (error) {
    if (codeOf(error) !== "ESRCH") throw error;
  }
};

/**
 * The processes whose working directory is inside `folder`, even after it was deleted: no server loses or hides this mark.
 * Leaves out the caller and its ancestors, processes with a terminal (a shell that a user left in the folder is not ours), and those
 * of a container where this path is a different folder.
 */
export const processesIn = async (folder: string): Promise<number[]> => entriesIn(folder).map(({ pid }) => pid);

/** Like `processesIn`, without processes inside `except`. */
export const entriesIn = (folder: string, except?: string): ProcessEntry[] => {
  const { workingDirectories, worksHere, find } = platform();
  const root = actual(folder);
  const spared = except === undefined ? undefined : actual(except);
  const own = ancestry(process.pid);
  return [...workingDirectories()]
    .filter(([, directory]) => inside(root, directory) && (spared === undefined || !inside(spared, directory)))
    .filter(([pid, directory]) => !own.has(pid) && worksHere(pid, directory))
    .map(([pid]) => find(pid))
    .filter((entry) => entry !== undefined && !entry.zombie && !entry.terminal) as ProcessEntry[];
};

const ancestry = (pid: number): Set<number> => {
  const seen = new Set<number>();
  for (let next: number | undefined = pid; next && !seen.has(next); next = platform().find(next)?.parent) seen.add(next);
  return seen;
};

// Linux appends this to the path of a deleted working directory.
const DELETED = " (deleted)";

const inside = (folder: string, directory: string): boolean =>
  directory === folder || directory === folder + DELETED || directory.startsWith(folder + path.sep);

/** The path as the system reports working directories: symlinks resolved, even if the last part no longer exists. */
const actual = (folder: string): string => {
  try {
    return realpathSync(folder);
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
    const parent = path.dirname(folder);
    return parent === folder ? folder : path.join(actual(parent), path.basename(folder));
  }
};
