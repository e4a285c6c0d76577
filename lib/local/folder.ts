import { realpathSync } from "node:fs";
import { chmod } from "node:fs/promises";
import path from "node:path";
import { hash } from "../names";
import { inHome } from "../internal/home";
import { suspectOnTheWay } from "../internal/trust";
import { makeFolders, notTrustedState } from "./make-folders";

/** An app on this machine: what keeps its servers apart from those of other apps. */
export interface AppLocation {
  readonly project: string;
  /** Absolute folder of the declaration; two clones of one repository have servers of their own. */
  readonly root: string;
}

/**
 * Where everything of one app's environment is kept: servers, data, credentials, the supervisor's state.
 * `$XDG_STATE_HOME/endow`, else `~/.local/state/endow`, then `<project>-<hash of the app's folder>/<environment>`, with a hash of the
 * environment's name where a folder's name cannot hold it as it is. For root without that variable `/var/lib/endow`: root's home is closed to the user that a server such as PostgreSQL must run as.
 *
 * @throws EndowError `NOT_TRUSTED` where another user could change it
 */
export const environmentFolder = ({ project, root }: AppLocation, environment: string): string => {
  const resolved = realpathSync(root);
  const folder = path.join(stateHome(), `${slug(project)}-${hash(`${resolved}\n${project}`)}`, folderName(environment));
  assertTrustedEnvironment(folder);
  return folder;
};

/**
 * That nobody but this user, or root, can change an environment's folder, or put another one in its place. It need not be there.
 *
 * @throws EndowError `NOT_TRUSTED`
 */
export const assertTrustedEnvironment = (folder: string): void => {
  const suspect = suspectOnTheWay(stateHome(), folder);
  if (suspect) throw notTrustedState(suspect);
};

/** Whether a folder has the name of that of a project's environment, wherever the app's folder was when it was made. */
export const isFolderOf = (folder: string, { project, name }: { readonly project: string; readonly name: string }): boolean =>
  path.basename(folder) === folderName(name) && path.basename(path.dirname(folder)).replace(/-[0-9a-f]{8}$/, "") === slug(project);

/**
 * Holds a folder for each app, which holds one for each of its environments.
 *
 * @throws EndowError `HOME_UNKNOWN`
 */
export const stateHome = (): string => {
  const { XDG_STATE_HOME } = process.env;
  if (XDG_STATE_HOME !== undefined && path.isAbsolute(XDG_STATE_HOME)) return path.join(XDG_STATE_HOME, "endow");
  if (isRoot()) return "/var/lib/endow";
  return path.join(inHome({ what: "servers and their data", place: ".local/state", variable: "XDG_STATE_HOME" }), "endow");
};

/** Makes an environment's folder and the one that holds its servers. For root, other users may pass through both, and see nothing. */
export const makeEnvironmentFolder = async (folder: string): Promise<void> => {
  const make = () => makeFolders(serversIn(folder), isRoot() ? 0o711 : 0o700);
  // A run that removes the environment may take it away between two steps; a second failure is a real one.
  await make().catch(make);
  // A lock that was asked for while the folder was being removed has made it anew, for root alone.
  if (isRoot()) await chmod(folder, 0o711);
};

export const serversIn = (folder: string): string => path.join(folder, "servers");

/** Holds a folder for each app that runs under the supervisor. */
export const processesIn = (folder: string): string => path.join(folder, "processes");

/** Holds a folder with the password of each login on somebody else's server. */
export const remoteIn = (folder: string): string => path.join(folder, "remote");

const isRoot = (): boolean => process.getuid?.() === 0;

const folderName = (name: string): string => (slug(name) === name ? name : `${slug(name)}-${hash(name)}`);

/** For people to read; the hash beside it tells apart what this makes the same. */
const slug = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "")
    .slice(0, 24) || "app";
