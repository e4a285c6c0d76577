/** Who takes the rejections of the running test that nobody awaits, and how it comes to its end. */
interface Collector {
  readonly lost: unknown[];
  readonly end: () => Promise<void>;
}

let collector: Collector | undefined;

/**
 * Takes rejections that nobody awaits, until `stopCollecting`: a resource that fails makes one for each of its outputs.
 * A test that forgets to stop is brought to its end by `end`, which is called after it.
 */
export const collectRejections = (end: () => Promise<void>): readonly unknown[] => {
  const lost: unknown[] = [];
  collector = { lost, end };
  return lost;
};

/** Ends the collecting that gave this list. */
export const stopCollecting = (lost: readonly unknown[]): void => {
  if (collector?.lost === lost) collector = undefined;
};

/** Whether somebody took the rejection. */
export const collected = (reason: unknown): boolean => {
  collector?.lost.push(reason);
  return collector !== undefined;
};

/** For the end of each test. Rejects with what a test that passed has left behind; one that failed has said enough. */
export const endCollecting = async (hasFailed: boolean): Promise<void> => {
  const end = collector?.end() ?? Promise.resolve();
  await (hasFailed ? end.catch(() => undefined) : end);
};
