import type { Cell } from "./target";

/** A cell for what a target does not offer: one clear problem, before anything is registered. */
export const unsupported = (message: string, fix: string): Cell<unknown, never> => ({
  check: ({ setting }) => [{ code: "UNSUPPORTED_ON_TARGET", path: setting, message, fix }],
  lease: () => {
    throw new Error(message);
  },
});
