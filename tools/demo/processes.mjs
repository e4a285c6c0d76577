// @ts-check
import { setTimeout as sleep } from "node:timers/promises";
import { createJiti } from "jiti";

/** @type {typeof import("../../lib/supervisor/processes")} */
const { entriesIn, identify, signal } = await createJiti(import.meta.url).import("../../lib/supervisor/processes.ts");

/** Milliseconds that Pulumi and its provider have to end by themselves once their program is gone. */
const GRACE = 20_000;

export { entriesIn };

/**
 * Waits until nothing works in a folder any more, and ends what goes on.
 * @param {string} folder @param {(line: string) => void} tell
 */
export const endProcessesIn = async (folder, tell) => {
  const until = performance.now() + GRACE;
  for (let told = false; entriesIn(folder).length > 0; told = true) {
    if (!told) tell("waiting for what a killed demo has left to end\n");
    if (performance.now() > until)
      for (const { pid } of entriesIn(folder)) {
        const identity = identify(pid);
        if (identity !== undefined) signal(identity, "SIGKILL");
      }
    await sleep(100);
  }
};
