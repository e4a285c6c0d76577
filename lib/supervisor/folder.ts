import { accessSync, constants, mkdirSync, realpathSync, statSync } from "node:fs";
import path from "node:path";
import { codeOf, type EndowError, fault } from "../errors";
import { shellQuote } from "../internal/shell-quote";

/** Where a supervisor keeps its things. */
export const filesOf = (folder: string) => ({
  state: path.join(folder, "state.json"),
  socket: path.join(folder, "control.sock"),
  socketDraft: path.join(folder, "control.sock.tmp"),
  log: path.join(folder, "supervisor.log"),
  logs: path.join(folder, "logs"),
  serviceLog: (name: string) => path.join(folder, "logs", `${name}.log`),
});

/**
 * Makes the folder (0700) where it is missing, and checks it as `checkFolder` does.
 * @throws EndowError `FOLDER_NOT_WRITABLE` and those of `checkFolder`
 */
export const makeFolder = (folder: string): string => {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw notWritable(folder, error);
  }
  const checked = checkFolder(folder);
  try {
    accessSync(checked, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw notWritable(checked, error);
  }
  return checked;
};

/**
 * The folder's path without links. Whoever can write in it can have programs run, so it must be ours alone. Others may at the most pass
 * through (0711), as a service that runs as another user has to; every file in it is closed to them.
 * @throws EndowError `FOLDER_NOT_FOUND`, `FOLDER_NOT_OURS`, `FOLDER_NOT_PRIVATE`
 */
export const checkFolder = (folder: string): string => {
  if (!folderExists(folder)) throw fault("FOLDER_NOT_FOUND", `there is no folder ${folder}`, "check the path", folder);
  const checked = realpathSync(folder);
  const { uid, mode } = statSync(checked);
  const own = process.getuid?.();
  if (uid !== own) {
    throw fault("FOLDER_NOT_OURS", `${checked} belongs to user ${uid}, and this is user ${own}`, "use a folder of your own", checked);
  }
  if ((mode & 0o066) !== 0) {
    const octal = (mode & 0o777).toString(8).padStart(4, "0");
    throw fault(
      "FOLDER_NOT_PRIVATE",
      `other users can read or write in ${checked} (mode ${octal})`,
      `make it private: chmod 700 ${shellQuote(checked)}`,
      checked,
    );
  }
  return checked;
};

export const folderExists = (folder: string): boolean => {
  const stats = statSync(folder, { throwIfNoEntry: false });
  return stats?.isDirectory() ?? false;
};

const notWritable = (folder: string, error: unknown): EndowError =>
  fault(
    "FOLDER_NOT_WRITABLE",
    `${folder} cannot be made or written in (${codeOf(error) ?? "unknown reason"})`,
    "give yourself the right to, or choose folders that you can write in by XDG_STATE_HOME and XDG_CACHE_HOME, or by HOME",
    folder,
  );
