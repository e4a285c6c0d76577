// @ts-check
import { rm } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { builtFromGo } from "./built-from-go.mjs";
import { downloaded } from "./downloaded.mjs";
import { addToCache, cacheFolder, findInCache, makeFolders, tryLock } from "./library.mjs";
import { places } from "./places.mjs";
import { probe } from "./probe.mjs";

/** @typedef {import("./probe.mjs").Engine} Engine */
/** @typedef {{ install: boolean, progress: (message: string) => void, signal: AbortSignal }} Request */

/**
 * One way to install the CLI in the user's cache.
 * @typedef {object} Way
 * @property {string} name
 * @property {import("../../lib/local/cache").CacheKey} key
 * @property {(folder: string, request: Request) => Promise<void>} fill  installs it in an empty folder, as `bin/pulumi`
 */

/**
 * Finds a Pulumi CLI on this machine or, with `install`, installs one in the user's cache, which can take minutes.
 * `missing` says what was tried, why it failed and how to fix it.
 * @param {Partial<Request>} [request] @param {readonly Way[]} [ways]  the preferred one first
 * @returns {Promise<Engine | { missing: string }>}
 */
export const findEngine = async (
  { install = false, progress = () => undefined, signal = new AbortController().signal } = {},
  ways = [downloaded, builtFromGo],
) => {
  /** @type {string[]} */
  const reasons = [];
  for (const { source, command } of places()) {
    const found = await probe(source, command, signal);
    if (typeof found !== "string") return found;
    reasons.push(found);
  }
  if (process.env["ENDOW_PULUMI"]) return { missing: `ENDOW_PULUMI: ${reasons.join("; ")}` };
  for (const way of ways) {
    const entry = await findInCache(way.key);
    const found = entry && (await probeEntry(way, entry, signal));
    if (typeof found === "object") return found;
    if (found !== undefined) reasons.push(found);
  }
  if (!install) return { missing: [...reasons, "no Pulumi on this machine: run `node tools/engine.mjs` to install one"].join("; ") };
  const request = { install, progress, signal };
  for (const way of ways) {
    const brought = await bring(way, request);
    if (typeof brought === "object") return brought;
    reasons.push(brought);
  }
  return { missing: ["no Pulumi could be found or installed", ...reasons.map((reason) => `  - ${reason}`), `  ${HELP}`].join("\n") };
};

const HELP = "install it as described on https://www.pulumi.com/docs/install/, or install Go 1.21 or newer and run `node tools/engine.mjs`";

/**
 * The engine, or why it could not be installed this way. If several runs start at once, one installs it and the others wait.
 * @param {Way} way @param {Request} request @returns {Promise<Engine | string>}
 */
const bring = async (way, request) => {
  const { name, key, fill } = way;
  const { signal } = request;
  try {
    const lock = await takeTurn(request);
    try {
      const cached = await findInCache(key);
      const found = cached && (await probeEntry(way, cached, signal));
      if (typeof found === "object") return found;
      // A broken one would be found on every run.
      if (cached !== undefined) await rm(cached.folder, { recursive: true, force: true });
      const made = await addToCache(key, async (folder) => {
        await fill(folder, request);
        const probed = await probeEntry(way, { folder }, signal);
        if (typeof probed === "string") throw new Error(probed);
        return probed.version;
      });
      return await probeEntry(way, made, signal);
    } finally {
      lock.release();
    }
  } catch (error) {
    signal.throwIfAborted();
    return `${name}: ${error instanceof Error ? error.message : String(error)}`;
  }
};

/** @param {Way} way @param {{ folder: string }} entry @param {AbortSignal} signal */
const probeEntry = ({ name, key }, { folder }, signal) => probe(name, path.join(folder, key.executable), signal);

/** @param {Request} request */
const takeTurn = async ({ progress, signal }) => {
  // Before the lock's folder, which is private: other users read the cache.
  await makeFolders(cacheFolder(), 0o755);
  for (let told = false; ; told = true) {
    const lock = await tryLock(path.join(cacheFolder(), "pulumi"));
    if (lock !== undefined) return lock;
    if (!told) progress("another run is installing Pulumi: waiting for it");
    await sleep(500, undefined, { signal });
  }
};
