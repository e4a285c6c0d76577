import { realpathSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { hash } from "../names";
import { makeFolders } from "./make-folders";

/** An app on this machine: what keeps its servers apart from those of other apps. */
export interface App {
  readonly project: string;
  /** Absolute folder of the declaration; two clones of one repository have servers of their own. */
  readonly root: string;
}

/**
 * Where everything of one app's environment is kept: servers, data, credentials, the supervisor's state.
 * `$XDG_STATE_HOME/endow`, else `~/.local/state/endow`, then `<project>-<hash of the app's folder>/<environment>`. For root without that
 * variable `/var/lib/endow`: root's home is closed to the user that a server such as PostgreSQL must run as.
 */
export const environmentFolder = ({ project, root }: App, environment: string): string => {
  const resolved = realpathSync(root);
  return path.join(stateHome(), `${slug(project)}-${hash(`${resolved}\n${project}`)}`, slug(environment));
};

const stateHome = (): string => {
  const { XDG_STATE_HOME } = process.env;
  if (XDG_STATE_HOME !== undefined && path.isAbsolute(XDG_STATE_HOME)) return path.join(XDG_STATE_HOME, "endow");
  return isRoot() ? "/var/lib/endow" : path.join(homedir(), ".local", "state", "endow");
};

/** Makes an environment's folder and the one that holds its servers. For root, other users may pass through both, and see nothing. */
export const makeEnvironmentFolder = (folder: string): Promise<void> => makeFolders(serversIn(folder), isRoot() ? 0o711 : 0o700);

export const serversIn = (folder: string): string => path.join(folder, "servers");

const isRoot = (): boolean => process.getuid?.() === 0;

/** For people to read; the hash beside it tells apart what this makes the same. */
const slug = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "")
    .slice(0, 24) || "app";
