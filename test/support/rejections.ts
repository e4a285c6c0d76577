/** Who takes the rejections of the running test that nobody awaits, and how it comes to its end. */
interface Collector {
  readonly lost: unknown[];
  readonly end: () => Promise<void>;
}

const collectors = new Set<Collector>();

/**
 * Takes rejections that nobody awaits, until `stopCollecting`: a resource that fails makes one for each of its outputs.
 * A test that forgets to stop is brought to its end by `end`, which is called after it.
 */
export const collectRejections = (end: () => Promise<void> = () => Promise.resolve()): readonly unknown[] => {
  const lost: unknown[] = [];
  collectors.add({ lost, end });
  return lost;
};

/** Ends the collecting that gave this list. */
export const stopCollecting = (lost: readonly unknown[]): void => {
  for (const collector of collectors) if (collector.lost === lost) collectors.delete(collector);
};

/** Whether somebody took the rejection. */
export const collected = (reason: unknown): boolean => {
  for (const { lost } of collectors) lost.push(reason);
  return collectors.size > 0;
};

/** For the end of each test. Rejects with what a test that passed has left behind; one that failed has said enough. */
export const endCollecting = async (hasFailed: boolean): Promise<void> => {
  const ends = [...collectors].map(({ end }) => end());
  await (hasFailed ? Promise.allSettled(ends) : Promise.all(ends));
  collectors.clear();
};
