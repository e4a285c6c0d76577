import { chmod, mkdir } from "node:fs/promises";
import path from "node:path";
import { codeOf, type EndowError, fault } from "../errors";
import { shellQuote } from "../internal/shell-quote";
import { notTrusted, suspectAt, type Suspect } from "../internal/trust";

/**
 * Makes a folder, and what is missing above it, with a mode, whatever the umask takes away from it. Folders that are there keep theirs.
 *
 * @throws EndowError `FOLDER_NOT_WRITABLE`
 */
export const makeFolders = async (folder: string, mode: number): Promise<void> => {
  try {
    await makeWithMode(folder, mode);
  } catch (error) {
    throw fault(
      "FOLDER_NOT_WRITABLE",
      `${folder} cannot be made or written in (${codeOf(error) ?? "unknown reason"})`,
      "give yourself the right to, or choose folders that you can write in by XDG_STATE_HOME and XDG_CACHE_HOME, or by HOME",
      folder,
    );
  }
};

/** The same, and throws what the system does. */
export const makeWithMode = async (folder: string, mode: number): Promise<void> => {
  // Never more open than that, not even for a moment.
  const made = await mkdir(folder, { recursive: true, mode });
  if (made === undefined) return;
  for (let each = folder; each.length >= made.length; each = path.dirname(each)) await chmod(each, mode);
};

/**
 * Makes a folder for this user alone (0700), whatever the umask, and does not take one that another user could have put things into.
 *
 * @throws EndowError `FOLDER_NOT_WRITABLE`, `NOT_TRUSTED`
 */
export const makeOwnFolder = async (folder: string): Promise<void> => {
  await makeFolders(folder, 0o700);
  assertOwn(folder);
};

/** @throws EndowError `NOT_TRUSTED` where another user can change a file or a folder of ours, or has made it */
export const assertOwn = (place: string): void => {
  const suspect = suspectAt(place);
  if (suspect) throw notTrustedState(suspect);
};

/** What is wrong with a part of an environment, with all that can be done about it. */
export const notTrustedState = (suspect: Suspect): EndowError =>
  notTrusted(
    suspect,
    (place) =>
      `look what is there, then make it yours alone (chown, chmod go-w ${shellQuote(place)}) or move it away; or set XDG_STATE_HOME to a folder that is`,
  );
