/** Collects unhandled rejections of the running test. */
interface Collector {
  readonly lost: unknown[];
  readonly end: () => Promise<void>;
}

const collectors = new Set<Collector>();

/**
 * Collects unhandled rejections until `stopCollecting`: a failed resource causes one for each of its outputs.
 * If a test does not stop collecting, `end` is called after it.
 */
export const collectRejections = (end: () => Promise<void> = () => Promise.resolve()): readonly unknown[] => {
  const lost: unknown[] = [];
  collectors.add({ lost, end });
  return lost;
};

/** Stops the collection that returned this list. */
export const stopCollecting = (lost: readonly unknown[]): void => {
  for (const collector of collectors) if (collector.lost === lost) collectors.delete(collector);
};

/** Whether the rejection was collected. */
export const collected = (reason: unknown): boolean => {
  for (const { lost } of collectors) lost.push(reason);
  return collectors.size > 0;
};

/** Called after each test. Rejects with errors left by a passed test; a failed test has already reported its error. */
export const endCollecting = async (hasFailed: boolean): Promise<void> => {
  const ends = [...collectors].map(({ end }) => end());
  await (hasFailed ? Promise.allSettled(ends) : Promise.all(ends));
  collectors.clear();
};
