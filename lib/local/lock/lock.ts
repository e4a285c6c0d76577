import { open, stat, type FileHandle } from "node:fs/promises";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { codeOf, fault } from "../../errors";
import { tryLock, type Lock } from "../../supervisor/lock";
import { removeTempFiles } from "./temp-files";
import { makeEnvironmentFolder } from "../folder";

/** Milliseconds that a run waits for another one on the same environment: long enough for a first download. */
const PATIENCE = 300_000;

export interface LockRequest {
  /** Gives up waiting. */
  readonly signal: AbortSignal;
  /** Called if another run holds the lock. */
  readonly waiting: () => void;
}

/**
 * Locks an environment, creating its folder if needed, so that only one run at a time changes it. It is a kernel lock: it is released when the run
 * is killed.
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

/** First removes the temporary files of runs that were killed. */
const cleared = async (folder: string, lock: Lock): Promise<Lock> => {
  try {
    await removeTempFiles(folder);
    return lock;
  } catch (error) {
    lock.release();
    throw error;
  }
};

/** Runs `work` under the lock, see `acquireLock`. */
export const withLock = async <T>(folder: string, request: LockRequest, work: () => Promise<T>): Promise<T> => {
  const lock = await acquireLock(folder, request);
  try {
    return await work();
  } finally {
    lock.release();
  }
};

/** The lock file is in the folder, which another run may move away in the meantime. Such a lock excludes no other run: `undefined`, to retry. */
const tryAcquire = async (folder: string): Promise<Lock | undefined> => {
  await unlessMissing(() => makeEnvironmentFolder(folder));
  const before = await unlessMissing(() => open(folder));
  try {
    const lock = await unlessMissing(() => tryLock(path.join(folder, "turn")));
    if (lock && before && (await isAt(folder, before))) return lock;
    lock?.release();
    return undefined;
  } finally {
    await before?.close();
  }
};

/** The open handle keeps the kernel from reusing the folder's inode. */
const isAt = async (folder: string, opened: FileHandle): Promise<boolean> => {
  const [was, is] = await Promise.all([opened.stat(), unlessMissing(() => stat(folder))]);
  return was.ino === is?.ino;
};

const unlessMissing = async <T>(step: () => Promise<T>): Promise<T | undefined> => {
  try {
    return await step();
  } catch (error) {
    if (["ENOENT", "FOLDER_NOT_FOUND"].includes(codeOf(error) ?? "")) return undefined;
    throw error;
  }
};
