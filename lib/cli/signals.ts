import { constants } from "node:os";

/** Signals that ask a program to end. */
export const ENDING = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** What shells make of a signal. */
export const exitCodeOf = (signal: NodeJS.Signals): number => 128 + (constants.signals[signal] ?? 0);

/** The person, or whoever sent the signal, wants no more of it. */
export class Interruption extends Error {
  readonly exitCode: number;

  constructor(signal: NodeJS.Signals) {
    super("interrupted: what was started keeps running; `endow dev --stop` stops it");
    this.name = "Interruption";
    this.exitCode = exitCodeOf(signal);
  }
}

/** Work that a signal ends in good order; a second signal ends the program at once. */
export const interruptible = async <T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> => {
  const controller = new AbortController();
  const interrupt = (signal: NodeJS.Signals) => {
    release();
    controller.abort(new Interruption(signal));
  };
  const release = () => ENDING.forEach((signal) => process.off(signal, interrupt));
  ENDING.forEach((signal) => process.on(signal, interrupt));
  try {
    return await work(controller.signal);
  } catch (error) {
    // Some libraries throw an error of their own for it.
    controller.signal.throwIfAborted();
    throw error;
  } finally {
    release();
  }
};
