import { userInfo } from "node:os";
import path from "node:path";
import { fault } from "../errors";

/** A folder below the user's home, unless a variable names another one. */
export interface HomeRequest {
  /** `servers and their data` */
  readonly what: string;
  /** Below the home folder: `.local/state`. */
  readonly place: string;
  /** Variable that names another folder: `XDG_STATE_HOME`. */
  readonly variable: string;
}

/**
 * The requested folder in the user's home: `$HOME`, or else the home folder in the system's user database.
 *
 * @throws EndowError `HOME_UNKNOWN` if neither is an absolute path, for example for an unknown user in a container
 */
export const inHome = ({ what, place, variable }: HomeRequest): string => {
  const { HOME } = process.env;
  const home = [HOME, homeOfSystem()].find((folder) => folder !== undefined && path.isAbsolute(folder));
  if (home !== undefined) return path.join(home, place);
  const why = HOME === undefined ? "HOME is not set" : `HOME is ${JSON.stringify(HOME)}, which is not an absolute path`;
  throw fault(
    "HOME_UNKNOWN",
    `${what} would be stored in ${path.join("~", place)}, but this user has no home folder: ${why}, and the system has none for this user`,
    `set HOME to a folder that this user can write to, or ${variable} to the absolute path of another folder`,
    "HOME",
  );
};

/** `undefined` for a user that is not in the system's user database, as in many containers. */
export const homeOfSystem = (): string | undefined => {
  try {
    return userInfo().homedir;
  } catch {
    return undefined;
  }
};
