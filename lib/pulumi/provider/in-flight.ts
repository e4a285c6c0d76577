import { setTimeout as delay } from "node:timers/promises";
import { cancelled, timedOut } from "./errors";

/** The work on resources that is under way. */
export interface InFlight {
  /**
   * Does one step, with a signal that ends it when it is cancelled.
   * @param timeout in seconds; 0 for none
   */
  readonly run: <T>(timeout: number, step: (signal: AbortSignal) => Promise<T>) => Promise<T>;
  /** Ends what is under way, and lets nothing new begin. */
  readonly cancel: () => void;
  /** Resolves when nothing is under way any more, or when the milliseconds are over. */
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
        // What was interrupted throws an error of its own.
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
