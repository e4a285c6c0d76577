// @ts-check
import { onSignal } from "./signals.mjs";

/** @typedef {import("../engine/probe.mjs").Engine} Engine */

/**
 * A Pulumi CLI; `undefined`, once the reason is told, where none can be had.
 * @param {{ install: boolean }} request  `install`: brings one into the user's cache where there is none, which can take minutes
 * @returns {Promise<Engine | undefined>}
 */
export const findPulumi = async ({ install }) => {
  // It needs the dependencies, which are not there before they are installed.
  const { findEngine } = await import("../engine/engine.mjs");
  const interrupted = new AbortController();
  const forget = onSignal((signal) => interrupted.abort(new Error(`ended by ${signal}`)));
  try {
    const found = await findEngine({ install, progress: console.log, signal: interrupted.signal });
    if (!("missing" in found)) return found;
    console.log(`There is no Pulumi here: ${found.missing}`);
    return undefined;
  } finally {
    forget();
  }
};
