import { setMaxListeners } from "node:events";
import { removeSetAside } from "../down";
import { openEnvironment, thisMachine, type EnvironmentPlace, type LocalEnvironment, type Machine } from "../environment";
import { acquireLock } from "./lock";
import { prune } from "./prune";
import type { Context } from "../recipe";
import { unlessAborted } from "../concurrency";

export interface LockSessionOptions extends Context {
  /**
   * Called with messages for the user about the environment's prior state.
   * @default - no messages
   */
  readonly warn?: (note: string) => void;
  /** Whether the step removes something; unused state is then pruned when the last step ends. */
  readonly removes?: boolean;
  /** @default - this one */
  readonly machine?: Machine;
}

/** One period during which this process holds an environment's lock. */
interface LockSession {
  readonly environment: Promise<LocalEnvironment>;
  /** Messages not yet passed to the user. */
  readonly notes: string[];
  /** Called when another process holds the lock. */
  readonly waiting: Set<() => void>;
  /** Whether this process had to wait for another one. */
  waits: boolean;
  /** Running steps. */
  steps: number;
  removes: boolean;
  readonly end: () => Promise<void>;
}

/** By folder. */
const sessions = new Map<string, LockSession>();

/**
 * Runs a step on an environment. Steps of one process run concurrently: the process takes the lock when the first one starts and releases it when
 * the last one ends. Other processes wait.
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
  // Any number of steps share the process's one signal.
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
    // Each step has already received the error.
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
