import { userInfo } from "node:os";
import path from "node:path";
import { fault } from "../errors";

/** What is kept below the home folder when nothing says where else. */
export interface HomeRequest {
  /** `servers and their data` */
  readonly what: string;
  /** Below the home folder: `.local/state`. */
  readonly place: string;
  /** Variable that names another folder: `XDG_STATE_HOME`. */
  readonly variable: string;
}

/**
 * The folder of that name in the user's home: `$HOME`, else what the system has for the user.
 *
 * @throws EndowError `HOME_UNKNOWN` where neither is an absolute path, as for a user of a container that the system does not know
 */
export const inHome = ({ what, place, variable }: HomeRequest): string => {
  const { HOME } = process.env;
  const home = [HOME, homeOfSystem()].find((folder) => folder !== undefined && path.isAbsolute(folder));
  if (home !== undefined) return path.join(home, place);
  const why = HOME === undefined ? "HOME is not set" : `HOME is ${JSON.stringify(HOME)}, which is not an absolute path`;
  throw fault(
    "HOME_UNKNOWN",
    `${what} would go to ${path.join("~", place)}, but this user has no home folder: ${why}, and the system knows of none`,
    `set HOME to a folder that this user can write in, or ${variable} to the absolute path of another place`,
    "HOME",
  );
};

/** `undefined` for a user that the system does not know, as in many containers. */
export const homeOfSystem = (): string | undefined => {
  try {
    return userInfo().homedir;
  } catch {
    return undefined;
  }
};
