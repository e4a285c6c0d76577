import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, rename, rm, rmdir } from "node:fs/promises";
import path from "node:path";
import { codeOf } from "../errors";
import { processesIn, stopAll } from "../supervisor/client";
import { environmentFolder, type AppLocation } from "./folder";
import { withLock } from "./lock/lock";

export interface DownRequest extends FolderDownRequest {
  readonly app: AppLocation;
  readonly environment: string;
}

export interface FolderDownRequest {
  /** Whether to delete data, credentials and everything else on disk as well. */
  readonly removeData: boolean;
  readonly progress?: (message: string) => void;
  readonly signal?: AbortSignal;
}

export interface Down {
  readonly folder: string;
  /** Names of the services that were running. */
  readonly stopped: readonly string[];
  readonly removed: boolean;
}

/**
 * Stops an environment's servers and verifies that no process is left; deletes their data only with `removeData`.
 *
 * @throws EndowError `PROCESSES_LEFT`, `ENVIRONMENT_BUSY`
 */
export const down = ({ app, environment, ...rest }: DownRequest): Promise<Down> => downFolder(environmentFolder(app, environment), rest);

/** Like `down`, for an environment known only by its own folder: the app's folder may be gone. */
export const downFolder = async (
  folder: string,
  { removeData, progress = () => undefined, signal = new AbortController().signal }: FolderDownRequest,
): Promise<Down> => {
  const exists = existsSync(folder) || (await processesIn(folder)).length > 0;
  const stop = async () => {
    const { stopped } = await stopAll(folder);
    if (removeData) await setAside(folder);
    return { folder, stopped, removed: removeData };
  };
  const waiting = () => progress("waiting for another run to finish");
  const result = exists ? await withLock(folder, { signal, waiting }, stop) : { folder, stopped: [], removed: false };
  if (removeData) await removeSetAside(folder);
  return result;
};

/** Suffix of a folder that is being deleted. */
const REMOVED = ".removed-";

/** Renames an environment's folder before deletion: a run waiting for its lock then creates a new folder, which must survive. */
export const setAside = (folder: string): Promise<void> => rename(folder, `${folder}${REMOVED}${randomUUID()}`);

/** Deletes every folder set aside, including those of earlier runs that were killed. */
export const removeSetAside = async (folder: string): Promise<void> => {
  const app = path.dirname(folder);
  if (!existsSync(app)) return;
  const removed = (await readdir(app)).filter((name) => name.startsWith(`${path.basename(folder)}${REMOVED}`));
  await Promise.all(removed.map((name) => rm(path.join(app, name), { recursive: true, force: true, maxRetries: 3 })));
  await removeEmpty(app);
};

/** Removes the app's folder unless it holds other environments. */
const removeEmpty = (folder: string): Promise<void> =>
  rmdir(folder).catch((error: unknown) => {
    if (!["ENOTEMPTY", "EEXIST", "ENOENT"].includes(codeOf(error) ?? "")) throw error;
  });
