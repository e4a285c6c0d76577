import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { codeOf } from "../../lib/errors";
import { type Identity, identify, isAlive } from "../../lib/supervisor/processes";
import { eventually } from "./supervised";

/**
 * A folder in the user's cache that `fill` makes on first use: complete or absent. Tests run in several processes; one of them makes the
 * folder, and the others wait for it.
 */
export const cachedFolder = async (name: string, fill: (folder: string) => Promise<void>): Promise<string> => {
  const cache = path.join(process.env["XDG_CACHE_HOME"] ?? path.join(os.homedir(), ".cache"), "endow-test");
  const folder = path.join(cache, name);
  if (existsSync(folder)) return folder;
  await mkdir(cache, { recursive: true });
  const unlock = await eventually(`another process to make ${folder}`, () => lock(`${folder}.lock`));
  try {
    if (existsSync(folder)) return folder;
    const fresh = await mkdtemp(path.join(cache, "new-"));
    try {
      await fill(fresh);
      await rename(fresh, folder);
    } finally {
      await rm(fresh, { recursive: true, force: true });
    }
    return folder;
  } finally {
    await unlock();
  }
};

/** Returns how to release the lock, or `undefined` while another process holds it. The lock of a process that was killed is removed. */
const lock = async (file: string): Promise<(() => Promise<void>) | undefined> => {
  try {
    await writeFile(file, JSON.stringify(identify(process.pid)), { flag: "wx" });
    return () => rm(file, { force: true });
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
    const holder = await readFile(file, "utf8").catch(() => "");
    if (holder !== "" && !isAlive(JSON.parse(holder) as Identity)) await rm(file, { force: true });
    return undefined;
  }
};
