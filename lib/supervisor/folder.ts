import { accessSync, constants, mkdirSync, realpathSync, statSync } from "node:fs";
import path from "node:path";
import { codeOf, type EndowError, fault } from "../errors";
import { shellQuote } from "../internal/shell-quote";

/** The files of a supervisor. */
export const filesOf = (folder: string) => ({
  state: path.join(folder, "state.json"),
  socket: path.join(folder, "control.sock"),
  socketDraft: path.join(folder, "control.sock.tmp"),
  log: path.join(folder, "supervisor.log"),
  logs: path.join(folder, "logs"),
  serviceLog: (name: string) => path.join(folder, "logs", `${name}.log`),
});

/**
 * Creates the folder (0700) if it is missing, and checks it with `checkFolder`.
 * @throws EndowError `FOLDER_NOT_WRITABLE`, and the errors of `checkFolder`
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
 * Returns the folder's real path. Anyone who can write to it can run programs as its owner, so it must be private. Others may at most
 * traverse it (0711), which a service that runs as another user needs; they can read none of its files.
 * @throws EndowError `FOLDER_NOT_FOUND`, `FOLDER_NOT_OURS`, `FOLDER_NOT_PRIVATE`
 */
export const checkFolder = (folder: string): string => {
  if (!folderExists(folder)) throw fault("FOLDER_NOT_FOUND", `folder ${folder} does not exist`, "check the path", folder);
  const checked = realpathSync(folder);
  const { uid, mode } = statSync(checked);
  const own = process.getuid?.();
  if (uid !== own) {
    throw fault(
      "FOLDER_NOT_OURS",
      `${checked} is owned by user ${uid}, not by the current user ${own}`,
      "use a folder that you own",
      checked,
    );
  }
  if ((mode & 0o066) !== 0) {
    const octal = (mode & 0o777).toString(8).padStart(4, "0");
    throw fault(
      "FOLDER_NOT_PRIVATE",
      `other users can read or write ${checked} (mode ${octal})`,
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
    `${folder} cannot be created or is not writable (${codeOf(error) ?? "unknown reason"})`,
    "grant yourself write access, or set XDG_STATE_HOME and XDG_CACHE_HOME, or HOME, to writable folders",
    folder,
  );
