import { realpathSync } from "node:fs";
import { chmod } from "node:fs/promises";
import path from "node:path";
import { hash } from "../names";
import { inHome } from "../internal/home";
import { suspectOnTheWay } from "../internal/trust";
import { makeFolders, notTrustedState } from "../files/make-folders";

/** Identifies an app on this machine, which keeps its servers separate from those of other apps. */
export interface AppLocation {
  readonly project: string;
  /** Absolute folder of the declaration; two clones of one repository have separate servers. */
  readonly root: string;
}

/**
 * Folder of one app's environment: servers, data, credentials and the supervisor's state.
 * `$XDG_STATE_HOME/endow`, else `~/.local/state/endow`, then `<project>-<hash of the app's folder>/<environment>`, with a hash of the
 * environment's name if it is not a valid folder name. For root without that variable, `/var/lib/endow`: the unprivileged user that runs a server
 * such as PostgreSQL cannot enter root's home.
 *
 * @throws EndowError `NOT_TRUSTED` if another user could modify it
 */
export const environmentFolder = ({ project, root }: AppLocation, environment: string): string => {
  const resolved = realpathSync(root);
  const folder = path.join(stateHome(), `${slug(project)}-${hash(`${resolved}\n${project}`)}`, folderName(environment));
  assertTrustedEnvironment(folder);
  return folder;
};

/**
 * Asserts that only this user or root can modify or replace an environment's folder. The folder need not exist.
 *
 * @throws EndowError `NOT_TRUSTED`
 */
export const assertTrustedEnvironment = (folder: string): void => {
  const suspect = suspectOnTheWay(stateHome(), folder);
  if (suspect) throw notTrustedState(suspect);
};

/** Whether a folder is named after a project's environment, wherever the app's folder was when it was created. */
export const isFolderOf = (folder: string, { project, name }: { readonly project: string; readonly name: string }): boolean =>
  path.basename(folder) === folderName(name) && path.basename(path.dirname(folder)).replace(/-[0-9a-f]{8}$/, "") === slug(project);

/**
 * Contains a folder per app, which contains one per environment.
 *
 * @throws EndowError `HOME_UNKNOWN`
 */
export const stateHome = (): string => {
  const { XDG_STATE_HOME } = process.env;
  if (XDG_STATE_HOME !== undefined && path.isAbsolute(XDG_STATE_HOME)) return path.join(XDG_STATE_HOME, "endow");
  if (isRoot()) return "/var/lib/endow";
  return path.join(inHome({ what: "servers and their data", place: ".local/state", variable: "XDG_STATE_HOME" }), "endow");
};

/** Creates an environment's folder and its servers' folder. For root, other users may traverse both but not list them. */
export const makeEnvironmentFolder = async (folder: string): Promise<void> => {
  const make = () => makeFolders(serversIn(folder), isRoot() ? 0o711 : 0o700);
  // Another run that deletes the environment may remove it between two steps; a second failure is a real one.
  await make().catch(make);
  // A lock requested while the folder was being removed recreated it for root only.
  if (isRoot()) await chmod(folder, 0o711);
};

export const serversIn = (folder: string): string => path.join(folder, "servers");

/** Contains a folder per app that runs under the supervisor. */
export const processesIn = (folder: string): string => path.join(folder, "processes");

/** Contains a file per app that `endow dev` runs in the foreground. */
export const appsIn = (folder: string): string => path.join(folder, "apps");

/** Contains a folder with the password of each login on an existing server. */
export const remoteIn = (folder: string): string => path.join(folder, "remote");

const isRoot = (): boolean => process.getuid?.() === 0;

const folderName = (name: string): string => (slug(name) === name ? name : `${slug(name)}-${hash(name)}`);

/** Readable but not unique; the hash beside it is. */
const slug = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "")
    .slice(0, 24) || "app";
