import { existsSync, lstatSync } from "node:fs";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { codeOf } from "../errors";
import { whyForeign } from "../internal/trust";
import { stateHome } from "./folder";
import type { EnvironmentState } from "./state";
import { readState } from "./state-files";

/** An environment with a folder on this machine, whether or not the app's own folder still exists. */
export interface KnownEnvironment {
  readonly project: string;
  readonly environment: string;
  /** The environment's own folder. */
  readonly folder: string;
  /** The app's folder, if known. */
  readonly root?: string;
  /** Whether the app's folder was deleted or moved, so that commands that look for the app cannot find this environment. */
  readonly gone: boolean;
  /** Absent if it is missing or cannot be used by this version. */
  readonly record?: EnvironmentState;
}

/** Lists every environment of this user, across all apps. One without a valid record is named after its folders. */
export const knownEnvironments = async (): Promise<readonly KnownEnvironment[]> => {
  const apps = await foldersIn(stateHome());
  const folders = (await Promise.all(apps.map(foldersIn))).flat();
  return Promise.all(folders.map(known));
};

const known = async (folder: string): Promise<KnownEnvironment> => {
  const record = await readIfSound(folder);
  if (record === undefined)
    return { project: path.basename(path.dirname(folder)), environment: path.basename(folder), folder, gone: false };
  const { project, environment, root } = record;
  return { project, environment, folder, root, gone: !existsSync(root), record };
};

const readIfSound = (folder: string): Promise<EnvironmentState | undefined> =>
  readState(folder).catch((error: unknown) => {
    const codes = ["RECORD_DAMAGED", "FILE_UNREADABLE", "STATE_OUTDATED", "STATE_NEWER", "NOT_TRUSTED"];
    if (codes.includes(codeOf(error) ?? "")) return undefined;
    throw error;
  });

/**
 * Lists folders named after an app or an environment; any other name marks a folder being deleted. In a shared folder, folders of other users are
 * skipped.
 */
const foldersIn = async (folder: string): Promise<readonly string[]> => {
  if (!existsSync(folder)) return [];
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory() && /^[a-z0-9-]+$/.test(entry.name))
    .map(({ name }) => path.join(folder, name))
    .filter((place) => isOurs(place))
    .toSorted();
};

const isOurs = (place: string): boolean => {
  const found = lstatSync(place, { throwIfNoEntry: false });
  return found !== undefined && whyForeign(found) === undefined;
};
