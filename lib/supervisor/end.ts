import { setTimeout as sleep } from "node:timers/promises";
import { fault } from "../errors";
import { platform } from "./platform/current";
import { entriesIn, type Identity, isAlive, signal } from "./processes";

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
 * @returns how many there were
 * @throws EndowError `PROCESSES_LEFT` when some cannot be ended
 */
export const endProcessesIn = async (folder: string, requests: readonly Request[] = []): Promise<number> => {
  const found = entriesIn(folder);
  const none = () => entriesIn(folder).length === 0;
  for (const [name, wait] of requests) {
    if (none()) return found.length;
    for (const identity of topmost(folder)) signal(identity, name);
    if (await until(none, wait)) return found.length;
  }
  const killed = await until(() => {
    const left = entriesIn(folder);
    for (const { pid, startTime } of left) signal({ pid, startTime, bootId: platform().bootId() }, "SIGKILL");
    return left.length === 0;
  }, KILL_TIMEOUT);
  if (!killed) throw left(folder);
  return found.length;
};

/** A server ends its own workers: only it is asked. */
const topmost = (folder: string): Identity[] => {
  const entries = entriesIn(folder);
  const pids = new Set(entries.map(({ pid }) => pid));
  const bootId = platform().bootId();
  return entries.filter(({ parent }) => !pids.has(parent)).map(({ pid, startTime }) => ({ pid, startTime, bootId }));
};

const left = (folder: string) => {
  const pids = entriesIn(folder).map(({ pid }) => pid);
  return fault(
    "PROCESSES_LEFT",
    `${pids.length} process(es) that work in ${folder} could not be ended: ${pids.join(", ")}`,
    "see what they wait for (`ps -o pid,stat,wchan,cmd -p <pid>`), end them, then run this again",
    folder,
  );
};

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
