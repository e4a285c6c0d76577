import { setMaxListeners } from "node:events";
import { removeSetAside } from "../down";
import { openEnvironment, type EnvironmentPlace, type LocalEnvironment } from "../environment";
import { acquireLock } from "./lock";
import { prune } from "./prune";
import type { Context } from "../recipe";
import { unlessAborted } from "../concurrency";

export interface LockSessionOptions extends Context {
  /**
   * Told what a person should know of the environment as it was found.
   * @default - nobody is told
   */
  readonly warn?: (note: string) => void;
  /** Whether the step takes something away: then, when the last step of the turn is done, so is what nobody needs any more. */
  readonly removes?: boolean;
}

/** A turn of this process on one environment. */
interface LockSession {
  readonly environment: Promise<LocalEnvironment>;
  /** What a person is still to be told. */
  readonly notes: string[];
  /** Told when another process has the turn. */
  readonly waiting: Set<() => void>;
  /** Whether another process had the turn when this one wanted it. */
  waits: boolean;
  /** Steps under way. */
  steps: number;
  removes: boolean;
  readonly end: () => Promise<void>;
}

/** By folder. */
const turns = new Map<string, LockSession>();

/**
 * Carries out a step on an environment. Steps of one process go on at the same time: the process takes its turn when the first one begins,
 * and gives it back when none is left. Other processes wait.
 *
 * @throws EndowError those of `acquireLock`
 */
export const inLockSession = async <T>(
  place: EnvironmentPlace,
  { progress, signal, warn, removes = false }: LockSessionOptions,
  step: (environment: LocalEnvironment) => Promise<T>,
): Promise<T> => {
  const turn = turns.get(place.folder) ?? begin(place);
  turns.set(place.folder, turn);
  turn.steps += 1;
  turn.removes ||= removes;
  const tell = () => progress("waiting for another run to finish");
  if (turn.waits) tell();
  turn.waiting.add(tell);
  // Any number of steps wait on the one signal of a process.
  setMaxListeners(0, signal);
  try {
    const environment = await unlessAborted(turn.environment, signal);
    if (warn) for (const note of turn.notes.splice(0)) warn(note);
    return await step(environment);
  } finally {
    turn.waiting.delete(tell);
    turn.steps -= 1;
    if (turn.steps === 0) {
      turns.delete(place.folder);
      await turn.end();
    }
  }
};

const begin = (place: EnvironmentPlace): LockSession => {
  const { folder } = place;
  const unwanted = new AbortController();
  const waiting = () => {
    turn.waits = true;
    for (const tell of turn.waiting) tell();
  };
  const lock = acquireLock(folder, { signal: unwanted.signal, waiting });
  const notes: string[] = [];
  const environment = lock.then(async () => {
    const opened = openEnvironment(place);
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
      if (opened && turn.removes) await prune(opened);
    } finally {
      await opened?.close();
      held.release();
    }
    if (turn.removes) await removeSetAside(folder);
  };
  const turn: LockSession = { environment, notes, waiting: new Set(), waits: false, steps: 0, removes: false, end };
  return turn;
};
