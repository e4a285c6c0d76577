import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fault } from "../errors";
import { tryLock } from "../supervisor/lock";

/** Milliseconds that one run waits for another one on the same environment: long enough for a first download. */
const PATIENCE = 300_000;

/**
 * Runs that change one environment go one after the other. The lock is the kernel's: a run that is killed frees it.
 *
 * @throws EndowError `ENVIRONMENT_BUSY`
 */
export const exclusively = async <T>(
  folder: string,
  { signal, waiting }: { readonly signal: AbortSignal; readonly waiting: () => void },
  work: () => Promise<T>,
): Promise<T> => {
  const until = performance.now() + PATIENCE;
  for (let told = false; ; told = true) {
    const lock = await tryLock(path.join(folder, "turn"));
    if (lock) {
      try {
        return await work();
      } finally {
        lock.release();
      }
    }
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
