import { setTimeout as delay } from "node:timers/promises";
import { cancelled, timedOut } from "./errors";

/** Running steps. */
export interface InFlight {
  /**
   * Runs one step, with a signal that aborts it on cancellation or timeout.
   * @param timeout in seconds; 0 for none
   */
  readonly run: <T>(timeout: number, step: (signal: AbortSignal) => Promise<T>) => Promise<T>;
  /** Aborts the running steps, and prevents new ones from starting. */
  readonly cancel: () => void;
  /** Resolves when no step is running, or after the given milliseconds. */
  readonly settled: (milliseconds: number) => Promise<void>;
}

export const trackInFlight = (): InFlight => {
  const controller = new AbortController();
  const underWay = new Set<Promise<unknown>>();
  return {
    run: async (timeout, step) => {
      const signal = timeout > 0 ? AbortSignal.any([controller.signal, timer(timeout)]) : controller.signal;
      signal.throwIfAborted();
      const work = step(signal).catch((error: unknown) => {
        // An interrupted step throws its own error: report the cancellation instead.
        signal.throwIfAborted();
        throw error;
      });
      underWay.add(work);
      return work.finally(() => underWay.delete(work));
    },
    cancel: () => controller.abort(cancelled()),
    settled: async (milliseconds) => {
      await Promise.race([Promise.allSettled(underWay), delay(milliseconds, undefined, { ref: false })]);
    },
  };
};

const timer = (seconds: number): AbortSignal => {
  const controller = new AbortController();
  setTimeout(() => controller.abort(timedOut(seconds)), seconds * 1000).unref();
  return controller.signal;
};
