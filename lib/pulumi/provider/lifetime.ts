import { fstatSync } from "node:fs";

/** Milliseconds between two looks at whether the engine still lives. */
const INTERVAL = 1_000;
/** Milliseconds until the engine kills a provider that it has asked to end. */
const PATIENCE = 5_000;

/** Calls `end` once: when the engine asks for it, by a signal, or when it is gone. Then this process ends, at the latest when the engine would kill it. */
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
  // An engine that was killed before this process could ask for its parent has still closed its end of the pipe.
  const input = fstatSync(0);
  if (input.isFIFO() || input.isSocket()) process.stdin.once("close", leave).resume();
  // Where the engine is gone, so is the other end of these.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", leave);
};
