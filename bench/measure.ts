import { spawnSync } from "node:child_process";

/** Minimum, median and maximum of some runs, in the unit of the runs. */
export interface Figure {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

export const figure = (values: readonly number[]): Figure => {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (index: number) => sorted[index] ?? Number.NaN;
  const middle = (sorted.length - 1) / 2;
  return { min: at(0), median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2, max: at(sorted.length - 1) };
};

/** Alternates two measurements, A B A B ..., so that a drift in the machine's speed affects both equally. The first pair is not counted. */
export const paired = async (
  runs: number,
  a: () => number | Promise<number>,
  b: () => number | Promise<number>,
): Promise<{ readonly a: Figure; readonly b: Figure; readonly ratio: Figure }> => {
  const pairs: (readonly [number, number])[] = [];
  for (let run = 0; run <= runs; run++) {
    const pair = [await a(), await b()] as const;
    if (run > 0) pairs.push(pair);
  }
  return {
    a: figure(pairs.map(([one]) => one)),
    b: figure(pairs.map(([, one]) => one)),
    ratio: figure(pairs.map(([one, other]) => one / other)),
  };
};

/** Measures the work in milliseconds. */
export const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now();
  await work();
  return performance.now() - start;
};

/** Runs a script, which prints one number, in a new process of this Node. */
export const inFreshProcess = (script: string, flags: readonly string[], cwd: string): number => {
  const { stdout, stderr, status } = spawnSync(process.execPath, [...flags, "-e", script], { cwd, encoding: "utf8" });
  const value = Number(stdout);
  if (status !== 0 || !Number.isFinite(value)) throw new Error(`the measured process failed: ${stderr}`);
  return value;
};

/** One line of the table. */
export interface Row {
  readonly what: string;
  readonly value: Figure;
  readonly unit: "ms" | "MB" | "x" | "%" | "apps";
  readonly goal?: string;
}
