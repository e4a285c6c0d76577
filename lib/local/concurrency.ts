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

/** Pieces of work on one server at the same time: each takes up a few of its connections. */
const AT_ONCE = 4;

const busy = new Map<string, { running: number; readonly waiting: (() => void)[] }>();

/**
 * Runs only a few pieces of work on one server at the same time, in this process; the others wait in their order. Work whose turn comes after the
 * signal was given is not begun.
 */
export const fewAtOnce = async <T>(server: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T> => {
  const queue = busy.get(server) ?? { running: 0, waiting: [] };
  busy.set(server, queue);
  if (queue.running >= AT_ONCE) await new Promise<void>((resolve) => queue.waiting.push(resolve));
  else queue.running += 1;
  try {
    signal?.throwIfAborted();
    return await work();
  } finally {
    // The place goes to the next one, which does not count again.
    const next = queue.waiting.shift();
    if (next) next();
    else queue.running -= 1;
    if (queue.running === 0) busy.delete(server);
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
