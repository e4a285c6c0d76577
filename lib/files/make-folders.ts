import { chmod, mkdir } from "node:fs/promises";
import path from "node:path";
import { codeOf, type EndowError, fault } from "../errors";
import { shellQuote } from "../internal/shell-quote";
import { notTrusted, suspectAt, type Suspect } from "../internal/trust";

/**
 * Creates a folder and its missing parents with the given mode, regardless of the umask. Existing folders keep their mode.
 *
 * @throws EndowError `FOLDER_NOT_WRITABLE`
 */
export const makeFolders = async (folder: string, mode: number): Promise<void> => {
  try {
    await makeWithMode(folder, mode);
  } catch (error) {
    throw fault(
      "FOLDER_NOT_WRITABLE",
      `${folder} cannot be created or is not writable (${codeOf(error) ?? "unknown reason"})`,
      "grant yourself write access, or set XDG_STATE_HOME and XDG_CACHE_HOME, or HOME, to writable folders",
      folder,
    );
  }
};

/** Like `makeFolders`, but throws the system's error. */
export const makeWithMode = async (folder: string, mode: number): Promise<void> => {
  // Never wider than `mode`, not even briefly.
  const made = await mkdir(folder, { recursive: true, mode });
  if (made === undefined) return;
  for (let each = folder; each.length >= made.length; each = path.dirname(each)) await chmod(each, mode);
};

/**
 * Creates a folder only this user can access (0700), regardless of the umask. Refuses an existing one that another user could have written to.
 *
 * @throws EndowError `FOLDER_NOT_WRITABLE`, `NOT_TRUSTED`
 */
export const makeOwnFolder = async (folder: string): Promise<void> => {
  await makeFolders(folder, 0o700);
  assertOwn(folder);
};

/** @throws EndowError `NOT_TRUSTED` if another user can modify, or has created, one of our files or folders */
export const assertOwn = (place: string): void => {
  const suspect = suspectAt(place);
  if (suspect) throw notTrustedState(suspect);
};

/** The error for an untrusted part of an environment, with every possible fix. */
export const notTrustedState = (suspect: Suspect): EndowError =>
  notTrusted(
    suspect,
    (place) =>
      `check its content, then make it writable only for you (chown, chmod go-w ${shellQuote(place)}) or move it away; ` +
      "or set XDG_STATE_HOME to a folder only you can write to",
  );
