const queues = new Map<string, Promise<unknown>>();

/**
 * Runs this process's work on one file in sequence: two settings leased concurrently must not overwrite each other's changes. A failure does
 * not block the next piece of work.
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

/** Maximum concurrency per server: each piece of work uses a few of its connections. */
const AT_ONCE = 4;

const busy = new Map<string, { running: number; readonly waiting: (() => void)[] }>();

/**
 * Limits how much of this process's work runs on one server at a time; the rest waits in order. Work whose turn comes after the signal is aborted
 * does not start.
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
    // The next one takes over this slot, so the count stays the same.
    const next = queue.waiting.shift();
    if (next) next();
    else queue.running -= 1;
    if (queue.running === 0) busy.delete(server);
  }
};

/** Like `Promise.all`, but rejects only after all promises have settled, so no work is still running when the caller sees the error. */
export const allEnded = async <T>(all: readonly Promise<T>[]): Promise<T[]> => {
  await Promise.allSettled(all);
  return Promise.all(all);
};

/**
 * Waits for work that cannot be cancelled itself, until the signal is aborted; the work then continues in the background.
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
