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
 * Those that work inside `except` are let be.
 * @returns how many there were
 * @throws EndowError `PROCESSES_LEFT` when some cannot be ended
 */
export const endProcessesIn = async (folder: string, requests: readonly Request[] = [], except?: string): Promise<number> => {
  const seen = new Map<number, Found>();
  // One that is ending works nowhere any more a moment before it is gone.
  const left = () => {
    for (const found of processesFound(folder, except)) seen.set(found.pid, found);
    return [...seen.values()].filter(isAlive);
  };
  const none = () => left().length === 0;
  for (const [name, wait] of requests) {
    for (const identity of topmost(left())) signal(identity, name);
    if (await until(none, wait)) return seen.size;
  }
  const killed = await until(() => {
    for (const identity of left()) signal(identity, "SIGKILL");
    return none();
  }, KILL_TIMEOUT);
  if (!killed) throw notEnded(folder, left());
  return seen.size;
};

interface Found extends Identity {
  readonly parent: number;
}

const processesFound = (folder: string, except?: string): Found[] => {
  const bootId = platform().bootId();
  return entriesIn(folder, except).map(({ pid, startTime, parent }) => ({ pid, startTime, bootId, parent }));
};

/** A server ends its own workers: only it is asked. */
const topmost = (all: readonly Found[]): Found[] => {
  const pids = new Set(all.map(({ pid }) => pid));
  return all.filter(({ parent }) => !pids.has(parent));
};

const notEnded = (folder: string, left: readonly Identity[]) =>
  fault(
    "PROCESSES_LEFT",
    `${left.length} process(es) that work in ${folder} could not be ended: ${left.map(({ pid }) => pid).join(", ")}`,
    "see what they wait for (`ps -o pid,stat,wchan,cmd -p <pid>`), end them, then run this again",
    folder,
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
