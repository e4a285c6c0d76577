import { constants } from "node:os";

/** Signals that ask a program to exit. */
export const ENDING = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** The exit code that shells use for a signal. */
export const exitCodeOf = (signal: NodeJS.Signals): number => 128 + (constants.signals[signal] ?? 0);

/** A signal, sent by the user or another process, interrupted the command. */
export class Interruption extends Error {
  readonly exitCode: number;

  constructor(signal: NodeJS.Signals) {
    super("interrupted: servers that were started keep running; `endow dev --stop` stops them");
    this.name = "Interruption";
    this.exitCode = exitCodeOf(signal);
  }
}

/** Runs work that a signal ends cleanly; a second signal ends the program at once. */
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
    // Some libraries throw their own error on abort.
    controller.signal.throwIfAborted();
    throw error;
  } finally {
    release();
  }
};
