import { existsSync } from "node:fs";
import { rm, rmdir } from "node:fs/promises";
import path from "node:path";
import { codeOf } from "../errors";
import { processesIn, statusOf, stopAll, type SupervisorStatus } from "../supervisor/client";
import { environmentFolder, type App } from "./folder";
import { exclusively } from "./exclusive";

export interface DownRequest {
  readonly app: App;
  readonly environment: string;
  /** Whether data, credentials and everything else on disk goes as well. */
  readonly removeData: boolean;
  readonly progress?: (message: string) => void;
  readonly signal?: AbortSignal;
}

export interface Down {
  readonly folder: string;
  /** Names of the services that ran. */
  readonly stopped: readonly string[];
  readonly removed: boolean;
}

/**
 * Stops an environment's servers and makes sure that none is left; deletes their data only when told to.
 *
 * @throws EndowError `PROCESSES_LEFT`, `ENVIRONMENT_BUSY`
 */
export const down = async ({
  app,
  environment,
  removeData,
  progress = () => undefined,
  signal = new AbortController().signal,
}: DownRequest): Promise<Down> => {
  const folder = environmentFolder(app, environment);
  if (!existsSync(folder) && (await processesIn(folder)).length === 0) return { folder, stopped: [], removed: false };
  const stop = async () => {
    const { stopped } = await stopAll(folder);
    if (removeData) await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    return { folder, stopped, removed: removeData };
  };
  const result = await exclusively(folder, { signal, waiting: () => progress("waiting for another run to finish") }, stop);
  if (removeData) await removeEmpty(path.dirname(folder));
  return result;
};

/** What runs of an environment; starts nothing. */
export const status = (app: App, environment: string): Promise<SupervisorStatus & { readonly folder: string }> => {
  const folder = environmentFolder(app, environment);
  return statusOf(folder).then((found) => ({ ...found, folder }));
};

/** The app's folder, which may hold other environments. */
const removeEmpty = (folder: string): Promise<void> =>
  rmdir(folder).catch((error: unknown) => {
    if (!["ENOTEMPTY", "EEXIST", "ENOENT"].includes(codeOf(error) ?? "")) throw error;
  });
