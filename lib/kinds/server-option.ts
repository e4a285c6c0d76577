import { z } from "zod";
import { once } from "../internal/once";

/**
 * The id of the server that a setting lives on, unique among the servers of its kind: it names the server for good, whatever its version.
 * As an object with the ids that the server had before, so that it is kept when it is renamed.
 */
export type ServerOption = string | { readonly id: string; readonly formerly?: readonly string[] | undefined };

/** What the option must be. Always gives the object, which it takes again. */
export const serverOption = once(() => {
  const id = z.string().regex(/^[a-z][a-z0-9_-]{0,30}$/);
  // Also one that was made from a setting's id, where the setting named no server.
  const former = z.string().regex(/^[a-z][a-z0-9_-]{0,53}$/);
  const named = z.strictObject({ id, formerly: z.array(former).readonly().default([]) }).readonly();
  const form = "must be an id of 1 to 31 of a-z, 0-9, - and _ that starts with a letter, or { id, formerly } of such ids";
  return z.union([named, id.transform((text) => ({ id: text, formerly: [] as readonly string[] }))], form).optional();
});
