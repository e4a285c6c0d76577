// @ts-check
import { findEngine } from "./engine/engine.mjs";
import { parseOptions } from "./options.mjs";

parseOptions("node tools/engine.mjs: finds a Pulumi CLI, or installs one in the user's cache, and prints its path.", {});

const interrupted = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => interrupted.abort(new Error(`ended by ${signal}`)));

const found = await findEngine({ install: true, progress: console.error, signal: interrupted.signal }).catch(
  (/** @type {Error} */ error) => ({ missing: error.message }),
);
if ("missing" in found) {
  console.error(found.missing);
  process.exitCode = 1;
} else {
  console.error(`Pulumi ${found.version} (${found.source})`);
  console.log(found.command);
}
