const queues = new Map<string, Promise<unknown>>();

/**
 * Runs pieces of work on one file one after another, in this process: two settings leased at once must not overwrite each other's
 * change. A piece that fails does not hold up the next.
 */
export const serially = async <T>(file: string, work: () => Promise<T>): Promise<T> => {
  const last = queues.get(file) ?? Promise.resolve();
  const next = last.then(work, work);
  const settled = next.then(
    () => undefined,
    () => undefined,
  );
  queues.set(file, settled);
  try {
    return await next;
  } finally {
    if (queues.get(file) === settled) queues.delete(file);
  }
};

/**
 * Waits for work that cannot be cut off itself, until the signal is given: then it goes on without anyone who waits for it.
 *
 * @throws the signal's reason
 */
export const unlessAborted = <T>(work: Promise<T>, signal: AbortSignal): Promise<T> =>
  new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
