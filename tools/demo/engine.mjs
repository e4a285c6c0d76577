// @ts-check
import { onSignal } from "./signals.mjs";

/** @typedef {import("../engine/probe.mjs").Engine} Engine */

/**
 * A Pulumi CLI; prints the reason and returns `undefined` if there is none.
 * @param {{ install: boolean }} request  `install`: installs one in the user's cache if there is none, which can take minutes
 * @returns {Promise<Engine | undefined>}
 */
export const findPulumi = async ({ install }) => {
  // Imported late: it needs the dependencies.
  const { findEngine } = await import("../engine/engine.mjs");
  const interrupted = new AbortController();
  const forget = onSignal((signal) => interrupted.abort(new Error(`ended by ${signal}`)));
  try {
    const found = await findEngine({ install, progress: console.log, signal: interrupted.signal });
    if (!("missing" in found)) return found;
    console.log(`Pulumi is not available: ${found.missing}`);
    return undefined;
  } finally {
    forget();
  }
};
