import { setTimeout as sleep } from "node:timers/promises";
import { fault } from "../errors";
import { platform } from "./platform/current";
import type { ProcessEntry } from "./platform/platform";
import { entriesIn, groupOf, type Identity, isAlive, signal } from "./processes";

/** Milliseconds. SIGKILL takes effect only after a process leaves uninterruptible disk I/O. */
const KILL_TIMEOUT = 5_000;

/** Stops one process: sends `name`, then SIGKILL after `timeout` milliseconds. */
export const endProcess = async (identity: Identity, name: NodeJS.Signals, timeout: number): Promise<void> => {
  signal(identity, name);
  if (await until(() => !isAlive(identity), timeout)) return;
  signal(identity, "SIGKILL");
  await until(() => !isAlive(identity), KILL_TIMEOUT);
};

/** A signal, and how many milliseconds to wait after it. */
export type EndSignal = readonly [name: NodeJS.Signals, wait: number];

/**
 * Stops every process whose working directory is inside `folder`: sends each signal in turn to the topmost ones, then kills all that are left.
 * Skips processes inside `except`.
 * @returns the number of processes found
 * @throws EndowError `PROCESSES_LEFT` when some cannot be stopped
 */
export const endProcessesIn = (folder: string, requests: readonly EndSignal[] = [], except?: string): Promise<number> =>
  endAll(() => entriesIn(folder, except), { requests, asked: topmost, which: `in ${folder}` });

/** Like `endProcessesIn`, for the process group of a leader that may have exited. Every process of the group gets each signal. */
export const endGroup = (leader: Identity, requests: readonly EndSignal[] = []): Promise<number> =>
  endAll(() => groupOf(leader), { requests, asked: (all) => all, which: `started by process ${leader.pid}` });

interface EndRequest {
  readonly requests: readonly EndSignal[];
  /** Selects the processes to signal from those that are left. */
  readonly asked: (all: readonly Found[]) => readonly Found[];
  readonly which: string;
}

const endAll = async (find: () => readonly ProcessEntry[], { requests, asked, which }: EndRequest): Promise<number> => {
  const bootId = platform().bootId();
  const seen = new Map<number, Found>();
  // A process that is exiting loses its working directory a moment before it is gone.
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

/** Only the server is signaled: it stops its own workers. */
const topmost = (all: readonly Found[]): Found[] => {
  const pids = new Set(all.map(({ pid }) => pid));
  return all.filter(({ parent }) => !pids.has(parent));
};

const notEnded = (which: string, left: readonly Identity[]) =>
  fault(
    "PROCESSES_LEFT",
    `${left.length} process(es) ${which} could not be stopped: ${left.map(({ pid }) => pid).join(", ")}`,
    "check what they are waiting for (`ps -o pid,stat,wchan,cmd -p <pid>`), stop them, then retry",
  );

/** Whether `condition` becomes true within `timeout` milliseconds; polls often at first. */
export const until = async (condition: () => boolean, timeout: number): Promise<boolean> => {
  const deadline = performance.now() + timeout;
  for (let pause = 2; !condition(); pause = Math.min(pause * 2, 50)) {
    const remaining = deadline - performance.now();
    if (remaining <= 0) return false;
    await sleep(Math.min(pause, remaining));
  }
  return true;
};
