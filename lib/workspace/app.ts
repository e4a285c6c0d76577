import { realpathSync } from "node:fs";
import path from "node:path";
import { fault } from "../errors";
import type { Group } from "../settings";
import { findDeclaration, loadDeclaration } from "./declaration";
import type { Environment } from "./dotenv/dialect";
import { readDotenv } from "./dotenv/dotenv";
import { readManifest } from "./manifest";
import { redactor } from "./redact";
import { findPackage, findWorkspace, projectName } from "./root";

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
  /** Absolute: the app's package. */
  readonly folder: string;
  /** Absolute: the workspace that lists the package, else the package itself. Together with the project, identifies the app's environments. */
  readonly root: string;
  readonly project: string;
}

/**
 * Finds an app without loading any of its code. All packages of a workspace have the same root and project.
 *
 * @throws EndowError `FOLDER_NOT_FOUND`, `MANIFEST_INVALID`, `PROJECT_NAME`, `PROJECT_IN_PACKAGE`
 */
export const locateApp = ({ cwd = ".", project }: AppRequest): LocatedApp => {
  const here = path.resolve(cwd);
  const found = findPackage(here);
  const workspace = findWorkspace(found);
  const folder = workspace === undefined ? found : realpathSync(found);
  const root = workspace ?? folder;
  if (root !== folder) assertNoProject(folder, root);
  const { name, project: configured } = readManifest(root);
  const given = project === undefined ? configured : { text: project, file: "--project" };
  return { cwd: here, folder, root, project: projectName(root, name, given?.text, given?.file) };
};

/** A project named in one package would separate its servers from the rest of the workspace. */
const assertNoProject = (folder: string, root: string): void => {
  const { project } = readManifest(folder);
  if (project === undefined) return;
  throw fault(
    "PROJECT_IN_PACKAGE",
    `${project.file} names a project, but the package is in the workspace ${root}, which has one project for all packages`,
    'name the project in the manifest of the workspace\'s root, or set "workspace": false beside it to give the package its own servers',
    project.file,
  );
};

/**
 * Loads the groups of an app's settings file; also returns the file.
 *
 * @throws EndowError those of `findDeclaration`, `loadDeclaration` and `readDotenv`
 */
export const loadGroups = async (
  app: LocatedApp,
  { settings }: AppRequest,
  env: Environment,
): Promise<{ readonly file: string; readonly groups: readonly Group[] }> => {
  const file = findDeclaration({ ...app, given: settings });
  return { file, groups: await loadDeclaration(file, redactorOf(app, env)) };
};

/** Masks the secrets among the app's variables in third-party messages. */
export const redactorOf = (app: LocatedApp, env: Environment): ((text: string) => string) =>
  redactor([...Object.entries(env), ...readDotenv({ ...app, env }).all()]);
