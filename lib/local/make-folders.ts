import { chmod, mkdir } from "node:fs/promises";
import path from "node:path";
import { codeOf, fault } from "../errors";

/**
 * Makes a folder, and what is missing above it, with a mode, whatever the umask takes away from it. Folders that are there keep theirs.
 *
 * @throws EndowError `FOLDER_NOT_WRITABLE`
 */
export const makeFolders = async (folder: string, mode: number): Promise<void> => {
  try {
    // Never more open than that, not even for a moment.
    const made = await mkdir(folder, { recursive: true, mode });
    if (made === undefined) return;
    for (let each = folder; each.length >= made.length; each = path.dirname(each)) await chmod(each, mode);
  } catch (error) {
    throw fault(
      "FOLDER_NOT_WRITABLE",
      `${folder} cannot be made or written in (${codeOf(error) ?? "unknown reason"})`,
      "choose a folder that you can write in, or give yourself the right to",
      folder,
    );
  }
};
