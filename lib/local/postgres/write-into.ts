import { randomUUID } from "node:crypto";
import { lstat, open, rename, rm } from "node:fs/promises";
import path from "node:path";

/**
 * Replaces a file (0600) in a folder that may belong to another user, and makes that user its owner. A link planted by the folder's owner is neither
 * followed nor changed: the new file has an unguessable name, is created exclusively, and atomically replaces the old one.
 */
export const writeInto = async (folder: string, name: string, text: string): Promise<void> => {
  const { uid, gid } = await lstat(folder);
  const temporary = path.join(folder, `${name}.${randomUUID()}`);
  const handle = await open(temporary, "wx", 0o600);
  try {
    await handle.writeFile(text);
    if (process.getuid?.() === 0) await handle.chown(uid, gid);
    await handle.sync();
    await rename(temporary, path.join(folder, name));
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
};
