// @ts-check
// Functions of lib/local for finding, downloading and caching programs, imported from the sources because nothing is built yet.
import { createJiti } from "jiti";

const jiti = createJiti(import.meta.url);

/** @type {typeof import("../../lib/local/cache")} */
export const { addToCache, cacheFolder, findInCache } = await jiti.import("../../lib/local/cache.ts");
/** @type {typeof import("../../lib/files/make-folders")} */
export const { makeFolders } = await jiti.import("../../lib/files/make-folders.ts");
/** @type {typeof import("../../lib/local/sources/run")} */
export const { run } = await jiti.import("../../lib/local/sources/run.ts");
/** @type {typeof import("../../lib/local/sources/version")} */
export const { isAtLeast } = await jiti.import("../../lib/local/sources/version.ts");
/** @type {typeof import("../../lib/supervisor/lock")} */
export const { tryLock } = await jiti.import("../../lib/supervisor/lock.ts");
