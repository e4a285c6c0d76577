export type Queue = <T>(work: () => Promise<T>) => Promise<T>;

/** Runs one piece of work after another, in the order asked for; one that fails does not stop the next. */
export const makeQueue = (): Queue => {
  let last: Promise<unknown> = Promise.resolve();
  return <T>(work: () => Promise<T>): Promise<T> => {
    const next = last.then(work, work);
    last = next.catch(() => undefined);
    return next;
  };
};
