import { codeOf } from "../../errors";

const GONE_OR_PRIVATE = new Set(["ENOENT", "ESRCH", "EACCES", "EPERM"]);

/** Reads something in /proc: processes come and go while they are looked at, and another user's may not be looked at. */
export const unlessGone = <T>(read: () => T): T | undefined => {
  try {
    return read();
  } catch (error) {
    if (GONE_OR_PRIVATE.has(codeOf(error) ?? "")) return undefined;
    throw error;
  }
};
