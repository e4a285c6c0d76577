import { fstatSync } from "node:fs";

/** Milliseconds between checks that the engine is still alive. */
const INTERVAL = 1_000;
/** Milliseconds until the engine kills a provider that it has asked to stop. */
const PATIENCE = 5_000;

/** Calls `end` once, on the engine's signal or when the engine is gone, then exits: at the latest when the engine would kill this process. */
export const endWithEngine = (end: (patience: number) => Promise<void>): void => {
  let ending = false;
  const leave = () => {
    if (ending) return;
    ending = true;
    void end(PATIENCE).finally(() => process.exit(0));
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, leave);
  const engine = process.ppid;
  setInterval(() => process.ppid !== engine && leave(), INTERVAL).unref();
  // If the engine was killed before `process.ppid` was read above, it has still closed its end of the pipe.
  const input = fstatSync(0);
  if (input.isFIFO() || input.isSocket()) process.stdin.once("close", leave).resume();
  // Writes fail once the engine is gone.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", leave);
};
