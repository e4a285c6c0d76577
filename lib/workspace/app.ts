import path from "node:path";
import type { Group } from "../settings";
import { findDeclaration, loadDeclaration } from "./declaration";
import { readDotenv } from "./dotenv/dotenv";
import { readManifest } from "./manifest";
import { redactor } from "./redact";
import { findRoot, projectName } from "./root";

/** How the user selects an app. */
export interface AppRequest {
  /** @default - the process's working folder */
  readonly cwd?: string | undefined;
  readonly project?: string | undefined;
  /** Settings file, relative to `cwd`. */
  readonly settings?: string | undefined;
}

/** An app on this machine. */
export interface LocatedApp {
  /** Absolute: the folder that the user works in. */
  readonly cwd: string;
  /** Absolute: the app's folder. */
  readonly root: string;
  readonly project: string;
}

/**
 * Finds an app without loading any of its code.
 *
 * @throws EndowError `FOLDER_NOT_FOUND`, `MANIFEST_INVALID`, `PROJECT_NAME`
 */
export const locateApp = ({ cwd = ".", project }: AppRequest): LocatedApp => {
  const here = path.resolve(cwd);
  const root = findRoot(here);
  return { cwd: here, root, project: projectName(root, readManifest(root).name, project) };
};

/**
 * Loads the groups of an app's settings file; also returns the file.
 *
 * @throws EndowError those of `findDeclaration`, `loadDeclaration` and `readDotenv`
 */
export const loadGroups = async (
  { cwd, root }: LocatedApp,
  { settings }: AppRequest,
  env: Readonly<Record<string, string | undefined>>,
): Promise<{ readonly file: string; readonly groups: readonly Group[] }> => {
  const file = findDeclaration({ root, cwd, given: settings, configured: readManifest(root).settings });
  const variables = [...Object.entries(env), ...readDotenv({ root, cwd, env }).all()];
  return { file, groups: await loadDeclaration(file, redactor(variables)) };
};
