import { open, stat, type FileHandle } from "node:fs/promises";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { codeOf, fault } from "../../errors";
import { tryLock, type Lock } from "../../supervisor/lock";
import { removeTempFiles } from "./temp-files";
import { makeEnvironmentFolder } from "../folder";

/** Milliseconds that one run waits for another one on the same environment: long enough for a first download. */
const PATIENCE = 300_000;

export interface LockRequest {
  /** Gives up waiting. */
  readonly signal: AbortSignal;
  /** Called when another run has the lock. */
  readonly waiting: () => void;
}

/**
 * Runs that change one environment go one after the other, each in a folder that is there. The lock is the kernel's: a run that is killed
 * frees it.
 *
 * @throws EndowError `ENVIRONMENT_BUSY`, `FOLDER_NOT_WRITABLE`
 */
export const acquireLock = async (folder: string, { signal, waiting }: LockRequest): Promise<Lock> => {
  const until = performance.now() + PATIENCE;
  for (let told = false; ; told = true) {
    signal.throwIfAborted();
    const lock = await tryAcquire(folder);
    if (lock) return cleared(folder, lock);
    if (!told) waiting();
    if (performance.now() > until)
      throw fault(
        "ENVIRONMENT_BUSY",
        `another run has been working on this environment for ${PATIENCE / 60_000} minutes`,
        "wait for it to end, or stop it",
        folder,
      );
    await wait(50, undefined, { signal });
  }
};

/** What a run that was killed has left unfinished is cleared away first. */
const cleared = async (folder: string, lock: Lock): Promise<Lock> => {
  try {
    await removeTempFiles(folder);
    return lock;
  } catch (error) {
    lock.release();
    throw error;
  }
};

/** Does something as `acquireLock` lets it. */
export const withLock = async <T>(folder: string, request: LockRequest, work: () => Promise<T>): Promise<T> => {
  const lock = await acquireLock(folder, request);
  try {
    return await work();
  } finally {
    lock.release();
  }
};

/** The lock is in the folder, which another run may take away meanwhile: such a lock keeps no other run out, and is to be acquired again. */
const tryAcquire = async (folder: string): Promise<Lock | undefined> => {
  await unlessAway(() => makeEnvironmentFolder(folder));
  const before = await unlessAway(() => open(folder));
  try {
    const lock = await unlessAway(() => tryLock(path.join(folder, "turn")));
    if (lock && before && (await isAt(folder, before))) return lock;
    lock?.release();
    return undefined;
  } finally {
    await before?.close();
  }
};

/** The open handle keeps the folder's inode from being given to the next one. */
const isAt = async (folder: string, opened: FileHandle): Promise<boolean> => {
  const [was, is] = await Promise.all([opened.stat(), unlessAway(() => stat(folder))]);
  return was.ino === is?.ino;
};

const unlessAway = async <T>(step: () => Promise<T>): Promise<T | undefined> => {
  try {
    return await step();
  } catch (error) {
    if (["ENOENT", "FOLDER_NOT_FOUND"].includes(codeOf(error) ?? "")) return undefined;
    throw error;
  }
};
