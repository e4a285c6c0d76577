import { makeFolder } from "./folder";
import { platform } from "./platform/current";
import type { Lock } from "./platform/platform";

export type { Lock };

/** Takes the lock of a folder, which is made where it is missing; `undefined` while another process has it. The kernel frees it when its holder ends, however that happens. */
export const tryLock = (folder: string): Promise<Lock | undefined> => platform().takeLock(makeFolder(folder));
