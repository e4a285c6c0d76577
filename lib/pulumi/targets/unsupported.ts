import type { Cell } from "../../contract/cell";

/** A cell for what a target does not offer, with a reason of its own: one clear problem, before anything is registered. */
export const unsupported = (message: string, fix: string): Cell<unknown, never, never, never> => ({
  check: ({ setting }) => [{ code: "UNSUPPORTED_ON_TARGET", path: setting, message, fix }],
  lease: () => {
    throw new Error(message);
  },
});
