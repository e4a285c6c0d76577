import { codeOf } from "../../errors";

const GONE_OR_PRIVATE = new Set(["ENOENT", "ESRCH", "EACCES", "EPERM"]);

/** Reads from /proc; `undefined` if the process has exited meanwhile or belongs to another user. */
export const unlessGone = <T>(read: () => T): T | undefined => {
  try {
    return read();
  } catch (error) {
    if (GONE_OR_PRIVATE.has(codeOf(error) ?? "")) return undefined;
    throw error;
  }
};
