import { chmodSync, lstatSync, readdirSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { codeOf } from "../errors";
import { suspectIn } from "../internal/trust";
import { assertTrustedInCache, cacheFolder } from "../local/cache";
import { makeFolders } from "../files/make-folders";

/**
 * Opens the folder (0700) for jiti's compiled code, which is executed: jiti's default, a temporary folder, is open to other users.
 * Deletes files that another user could have changed; they are compiled again. `undefined` if the folder cannot be used: nothing is cached then.
 * @throws EndowError `NOT_TRUSTED` if another user can write to the folder
 */
export const openCompiled = async (): Promise<string | undefined> => {
  const folder = await makeFolder();
  if (folder === undefined) return undefined;
  assertTrustedInCache(folder);
  const { uid, mode } = statSync(folder);
  // The folder belongs to root; this user can read it at most.
  if (process.getuid !== undefined && uid !== process.getuid()) return undefined;
  if ((mode & 0o777) !== 0o700) chmodSync(folder, 0o700);
  for (const file of filesIn(folder)) if (suspectIn(file) !== undefined) rmSync(file, { recursive: true, force: true });
  return folder;
};

const makeFolder = async (): Promise<string | undefined> => {
  try {
    const folder = path.join(cacheFolder(), "settings");
    await makeFolders(cacheFolder(), 0o755);
    await makeFolders(folder, 0o700);
    return folder;
  } catch (error) {
    if (["FOLDER_NOT_WRITABLE", "HOME_UNKNOWN"].includes(codeOf(error) ?? "")) return undefined;
    throw error;
  }
};

/** Denies other users access to the files that jiti has written, whatever the umask. */
export const closeCompiled = (folder: string): void => {
  for (const file of filesIn(folder)) {
    const found = lstatSync(file, { throwIfNoEntry: false });
    if (found?.isFile() && (found.mode & 0o077) !== 0) chmodIfThere(file);
  }
};

const filesIn = (folder: string): readonly string[] => readdirSync(folder).map((name) => path.join(folder, name));

/** Another process may have deleted the file. */
const chmodIfThere = (file: string): void => {
  try {
    chmodSync(file, 0o600);
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
  }
};
