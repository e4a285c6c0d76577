// @ts-check
import { setTimeout as sleep } from "node:timers/promises";
import { createJiti } from "jiti";

/** @type {typeof import("../../lib/supervisor/processes")} */
const { entriesIn, identify, signal } = await createJiti(import.meta.url).import("../../lib/supervisor/processes.ts");

/** Milliseconds that Pulumi and its provider have to exit after their program has exited. */
const GRACE = 20_000;

export { entriesIn };

/**
 * Waits until no process works in a folder, and stops those that remain.
 * @param {string} folder @param {(line: string) => void} tell
 */
export const endProcessesIn = async (folder, tell) => {
  const until = performance.now() + GRACE;
  for (let told = false; entriesIn(folder).length > 0; told = true) {
    if (!told) tell("waiting for processes of a killed demo to exit\n");
    if (performance.now() > until)
      for (const { pid } of entriesIn(folder)) {
        const identity = identify(pid);
        if (identity !== undefined) signal(identity, "SIGKILL");
      }
    await sleep(100);
  }
};
