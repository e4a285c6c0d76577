// @ts-check
import { checked, skippedFor } from "./summary.mjs";

/** Installs a Pulumi CLI for the tests, if there is none. @returns {Promise<import("./summary.mjs").Result>} */
export const engine = async () => {
  // Imported late: it needs the dependencies.
  const { findEngine } = await import("../engine/engine.mjs");
  const interrupted = new AbortController();
  process.once("exit", () => interrupted.abort());
  const found = await findEngine({
    install: true,
    progress: (message) => console.log(`engine     ${message}`),
    signal: interrupted.signal,
  });
  if ("missing" in found) return skippedFor(`engine: ${found.missing}`);
  console.log(`engine     Pulumi ${found.version} (${found.source})`);
  return checked(true);
};
