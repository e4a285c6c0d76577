import { setMaxListeners } from "node:events";
import { removeSetAside } from "../down";
import { openEnvironment, thisMachine, type EnvironmentPlace, type LocalEnvironment, type Machine } from "../environment";
import { acquireLock } from "./lock";
import { prune } from "./prune";
import type { Context } from "../recipe";
import { unlessAborted } from "../concurrency";

export interface LockSessionOptions extends Context {
  /**
   * Told what a person should know of the environment as it was found.
   * @default - the notes are dropped
   */
  readonly warn?: (note: string) => void;
  /** Whether the step removes something: unused state is then pruned when the last step of the session ends. */
  readonly removes?: boolean;
  /** @default - this one */
  readonly machine?: Machine;
}

/** The time for which this process has the lock of one environment. */
interface LockSession {
  readonly environment: Promise<LocalEnvironment>;
  /** What a person is still to be told. */
  readonly notes: string[];
  /** Called when another process has the lock. */
  readonly waiting: Set<() => void>;
  /** Whether another process had the lock when this one asked for it. */
  waits: boolean;
  /** Steps under way. */
  steps: number;
  removes: boolean;
  readonly end: () => Promise<void>;
}

/** By folder. */
const sessions = new Map<string, LockSession>();

/**
 * Carries out a step on an environment. Steps of one process run at the same time: the first one takes the environment's lock, and the last one
 * releases it. Other processes wait.
 *
 * @throws EndowError those of `acquireLock`
 */
export const inLockSession = async <T>(
  place: EnvironmentPlace,
  { progress, signal, warn, removes = false, machine = thisMachine }: LockSessionOptions,
  step: (environment: LocalEnvironment) => Promise<T>,
): Promise<T> => {
  const session = sessions.get(place.folder) ?? begin(place, machine);
  sessions.set(place.folder, session);
  session.steps += 1;
  session.removes ||= removes;
  const tell = () => progress("waiting for another run to finish");
  if (session.waits) tell();
  session.waiting.add(tell);
  // Any number of steps wait on the one signal of a process.
  setMaxListeners(0, signal);
  try {
    const environment = await unlessAborted(session.environment, signal);
    if (warn) for (const note of session.notes.splice(0)) warn(note);
    return await step(environment);
  } finally {
    session.waiting.delete(tell);
    session.steps -= 1;
    if (session.steps === 0) {
      sessions.delete(place.folder);
      await session.end();
    }
  }
};

const begin = (place: EnvironmentPlace, machine: Machine): LockSession => {
  const { folder } = place;
  const unwanted = new AbortController();
  const waiting = () => {
    session.waits = true;
    for (const tell of session.waiting) tell();
  };
  const lock = acquireLock(folder, { signal: unwanted.signal, waiting });
  const notes: string[] = [];
  const environment = lock.then(async () => {
    const opened = openEnvironment(place, machine);
    await opened.recover((note) => void notes.push(note));
    return opened;
  });
  const end = async () => {
    unwanted.abort();
    // Every step was told why there is none.
    const held = await lock.catch(() => undefined);
    if (held === undefined) return;
    const opened = await environment.catch(() => undefined);
    try {
      if (opened && session.removes) await prune(opened);
    } finally {
      await opened?.close();
      held.release();
    }
    if (session.removes) await removeSetAside(folder);
  };
  const session: LockSession = { environment, notes, waiting: new Set(), waits: false, steps: 0, removes: false, end };
  return session;
};
