import { z } from "zod/v4";
import { once } from "../internal/once";

/**
 * The id of a setting's server, unique among the servers of its kind: it identifies the server permanently, across versions.
 * Use the object form to list former ids, so that a renamed server is kept.
 */
export type ServerOption = string | { readonly id: string; readonly formerly?: readonly string[] | undefined };

/** Schema of the option. Always returns the object form, which it also accepts. */
export const serverOption = once(() => {
  const id = z.string().regex(/^[a-z][a-z0-9_-]{0,30}$/);
  // Longer, because a default id is derived from the setting's id.
  const former = z.string().regex(/^[a-z][a-z0-9_-]{0,53}$/);
  const named = z.strictObject({ id, formerly: z.array(former).readonly().default([]) }).readonly();
  const form = "must be an id of 1 to 31 characters of a-z, 0-9, - and _ that starts with a letter, or { id, formerly } with such ids";
  return z.union([named, id.transform((text) => ({ id: text, formerly: [] as readonly string[] }))], form).optional();
});
