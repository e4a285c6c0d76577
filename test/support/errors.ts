import assert from "node:assert/strict";
import { inspect } from "node:util";
import { EndowError, type Problem } from "../../lib/errors";
import { root } from "./package";

/** Returns the thrown EndowError; fails if nothing or anything else is thrown. */
export const errorOf = (work: () => unknown): EndowError => {
  try {
    work();
  } catch (error) {
    return own(error);
  }
  return assert.fail("nothing was thrown");
};

/** The same for a promise. */
export const rejectionOf = async (work: Promise<unknown>): Promise<EndowError> => {
  try {
    await work;
  } catch (error) {
    return own(error);
  }
  return assert.fail("nothing was thrown");
};

/** `code message` of each problem. */
export const told = ({ problems }: { readonly problems: readonly Problem[] }): readonly string[] =>
  problems.map(({ code, message }) => `${code} ${message}`);

/** Everything that an error printer can access, except the clone's path in the stack, which may contain any word. */
export const everythingIn = (error: EndowError): string =>
  [error.message, error.stack, String(error), JSON.stringify(error), inspect(error, { depth: null, showHidden: true })]
    .join("\n")
    .replaceAll(root, "");

const own = (error: unknown): EndowError => {
  if (error instanceof EndowError) return error;
  throw error;
};
