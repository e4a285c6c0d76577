import { setTimeout as sleep } from "node:timers/promises";
import { fault } from "../errors";
import { platform } from "./platform/current";
import type { ProcessEntry } from "./platform/platform";
import { entriesIn, groupOf, type Identity, isAlive, signal } from "./processes";

/** SIGKILL is not refused, but a process that waits for a disk ends only when that answers. */
const KILL_TIMEOUT = 5_000;

/** Ends one process: `name` first, SIGKILL after `timeout` milliseconds. */
export const endProcess = async (identity: Identity, name: NodeJS.Signals, timeout: number): Promise<void> => {
  signal(identity, name);
  if (await until(() => !isAlive(identity), timeout)) return;
  signal(identity, "SIGKILL");
  await until(() => !isAlive(identity), KILL_TIMEOUT);
};

/** A signal, and how many milliseconds to wait for its effect. */
export type Request = readonly [name: NodeJS.Signals, wait: number];

/**
 * Ends every process that works inside `folder`: asks the topmost ones by each signal in turn, then kills all until none is left.
 * Those that work inside `except` are let be.
 * @returns how many there were
 * @throws EndowError `PROCESSES_LEFT` when some cannot be ended
 */
export const endProcessesIn = (folder: string, requests: readonly Request[] = [], except?: string): Promise<number> =>
  endAll(() => entriesIn(folder, except), { requests, asked: topmost, which: `that work in ${folder}` });

/** As `endProcessesIn`, for the group that a process leads, or led until it ended: all of it is asked at once. */
export const endGroup = (leader: Identity, requests: readonly Request[] = []): Promise<number> =>
  endAll(() => groupOf(leader), { requests, asked: (all) => all, which: `that process ${leader.pid} started` });

interface Ending {
  readonly requests: readonly Request[];
  /** Those that are asked to end, of all that are left. */
  readonly asked: (all: readonly Found[]) => readonly Found[];
  readonly which: string;
}

const endAll = async (find: () => readonly ProcessEntry[], { requests, asked, which }: Ending): Promise<number> => {
  const bootId = platform().bootId();
  const seen = new Map<number, Found>();
  // One that is ending works nowhere any more a moment before it is gone.
  const left = () => {
    for (const { pid, startTime, parent } of find()) seen.set(pid, { pid, startTime, bootId, parent });
    return [...seen.values()].filter(isAlive);
  };
  const none = () => left().length === 0;
  for (const [name, wait] of requests) {
    for (const identity of asked(left())) signal(identity, name);
    if (await until(none, wait)) return seen.size;
  }
  const killed = await until(() => {
    for (const identity of left()) signal(identity, "SIGKILL");
    return none();
  }, KILL_TIMEOUT);
  if (!killed) throw notEnded(which, left());
  return seen.size;
};

interface Found extends Identity {
  readonly parent: number;
}

/** A server ends its own workers: only it is asked. */
const topmost = (all: readonly Found[]): Found[] => {
  const pids = new Set(all.map(({ pid }) => pid));
  return all.filter(({ parent }) => !pids.has(parent));
};

const notEnded = (which: string, left: readonly Identity[]) =>
  fault(
    "PROCESSES_LEFT",
    `${left.length} process(es) ${which} could not be ended: ${left.map(({ pid }) => pid).join(", ")}`,
    "see what they wait for (`ps -o pid,stat,wchan,cmd -p <pid>`), end them, then run this again",
  );

/** Whether `condition` came true within `timeout` milliseconds; looks often at first. */
export const until = async (condition: () => boolean, timeout: number): Promise<boolean> => {
  const deadline = performance.now() + timeout;
  for (let pause = 2; !condition(); pause = Math.min(pause * 2, 50)) {
    const remaining = deadline - performance.now();
    if (remaining <= 0) return false;
    await sleep(Math.min(pause, remaining));
  }
  return true;
};
