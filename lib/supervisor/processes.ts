import { realpathSync } from "node:fs";
import path from "node:path";
import { codeOf } from "../errors";
import { platform } from "./platform/current";
import type { ProcessEntry } from "./platform/platform";
import type { Service } from "./service";

/** Names one process for ever: a pid alone is given to another process later, and means nothing after a reboot. */
export interface Identity {
  readonly pid: number;
  readonly startTime: string;
  readonly bootId: string;
}

/** `undefined` when there is no such process, or when it has ended and waits for its parent. */
export const identify = (pid: number): Identity | undefined => {
  const entry = platform().find(pid);
  return entry === undefined || entry.zombie ? undefined : { pid, startTime: entry.startTime, bootId: platform().bootId() };
};

export const isAlive = (identity: Identity): boolean => {
  const entry = platform().find(identity.pid);
  return entry !== undefined && !entry.zombie && entry.startTime === identity.startTime && platform().bootId() === identity.bootId;
};

/** Whether this very process still runs and works inside `folder`. */
export const runsIn = (identity: Identity, folder: string): boolean => {
  const directory = isAlive(identity) ? platform().workingDirectory(identity.pid) : undefined;
  return directory !== undefined && inside(actual(folder), directory) && platform().worksHere(identity.pid, directory);
};

/** Whether a service's process still runs, where it is known to be that very one: what a state file says is believed only then. */
export const runsFor = ({ folder, directory }: Service, identity: Identity): boolean =>
  directory === undefined ? runsIn(identity, folder) : isAlive(identity);

/**
 * The processes of the group that this process leads, or led until it ended. The system gives the number to no other process while
 * anyone is left in the group.
 */
export const groupOf = ({ pid, startTime, bootId }: Identity): ProcessEntry[] => {
  const { find, workingDirectories } = platform();
  const leader = find(pid);
  if (platform().bootId() !== bootId || (leader !== undefined && leader.startTime !== startTime)) return [];
  return [...workingDirectories().keys()].map(find).filter((entry) => entry?.group === pid && !entry.zombie) as ProcessEntry[];
};

/** Signals this very process; nothing happens when it is gone. */
export const signal = (identity: Identity, name: NodeJS.Signals): void => {
  if (!isAlive(identity)) return;
  try {
    process.kill(identity.pid, name);
  } catch (error) {
    if (codeOf(error) !== "ESRCH") throw error;
  }
};

/**
 * The processes that work inside `folder`, also after it was deleted: the one mark that no server loses or hides.
 * Left out are the caller and its ancestors, processes of a terminal (a shell that someone left in the folder is not ours), and those
 * of a container that has another folder by this path.
 */
export const processesIn = async (folder: string): Promise<number[]> => entriesIn(folder).map(({ pid }) => pid);

/** As `processesIn`, without those that work inside `except`. */
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

// The system writes this after the path of a working directory that was deleted.
const DELETED = " (deleted)";

const inside = (folder: string, directory: string): boolean =>
  directory === folder || directory === folder + DELETED || directory.startsWith(folder + path.sep);

/** The path as the system shows it in a working directory: without links, also where the last part is gone. */
const actual = (folder: string): string => {
  try {
    return realpathSync(folder);
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
    const parent = path.dirname(folder);
    return parent === folder ? folder : path.join(actual(parent), path.basename(folder));
  }
};
