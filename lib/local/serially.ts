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
