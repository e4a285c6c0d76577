import type { Cell } from "../../contract/cell";

/** A cell for a kind that a target does not support: reports one clear problem, with the target's own reason, before anything is registered. */
export const unsupported = (message: string, fix: string): Cell<unknown, never, never, never> => ({
  check: ({ setting }) => [{ code: "UNSUPPORTED_ON_TARGET", path: setting, message, fix }],
  lease: () => {
    throw new Error(message);
  },
});
