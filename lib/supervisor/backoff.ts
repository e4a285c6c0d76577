const FIRST = 50;
const LONGEST = 10_000;
/** Uptime in milliseconds after which the wait is reset to the shortest. */
const STABLE = 10_000;
const WINDOW = 30_000;
const DEATHS = 6;

/** A death, in milliseconds of the monotonic clock (`performance.now()`). */
export interface Death {
  readonly at: number;
  /** How long the process had been up. */
  readonly uptime: number;
}

/** Delay before restarting a process that died: 50 ms, doubling up to 10 s. Gives up after 6 deaths in 30 s. */
export class Backoff {
  #recent: number[] = [];
  #attempt = 0;

  /** Milliseconds to wait; `undefined` to give up. */
  next({ at, uptime }: Death): number | undefined {
    this.#recent = [...this.#recent.filter((earlier) => at - earlier < WINDOW), at];
    if (this.#recent.length >= DEATHS) return undefined;
    if (uptime >= STABLE) this.#attempt = 0;
    const wait = Math.min(FIRST * 2 ** this.#attempt, LONGEST);
    this.#attempt += 1;
    return wait;
  }
}
