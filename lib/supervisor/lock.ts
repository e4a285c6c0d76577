import { makeFolder } from "./folder";
import { platform } from "./platform/current";
import type { Lock } from "./platform/platform";

export type { Lock };

/** Takes the lock of a folder, creating the folder if needed; `undefined` if another process holds it. The kernel frees it when its holder exits. */
export const tryLock = (folder: string): Promise<Lock | undefined> => platform().takeLock(makeFolder(folder));
