export type Queue = <T>(work: () => Promise<T>) => Promise<T>;

/** Runs tasks one at a time in the order they were added; a failure does not stop the next one. */
export const makeQueue = (): Queue => {
  let last: Promise<unknown> = Promise.resolve();
  return <T>(work: () => Promise<T>): Promise<T> => {
    const next = last.then(work, work);
    last = next.catch(() => undefined);
    return next;
  };
};
