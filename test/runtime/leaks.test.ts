import assert from "node:assert/strict";
import { z } from "zod";
import { secret } from "../../lib/index";
import { countRefusals } from "../support/leaks";

/** Schemas whose own messages would quote the value. The kinds have their own suite. */
const schemas = {
  "a start": secret(z.string().startsWith("never-this")),
  "a condition on the secret": secret().refine(() => false, {
    error: ({ input }) => `refused ${(input as { reveal: () => string }).reveal()}`,
  }),
  "a message that quotes": secret(z.string().refine(() => false, { error: ({ input }) => `refused ${String(input)}` })),
  "an error that quotes": secret(
    z.string().transform((text): string => {
      throw new Error(`cannot use ${text}`);
    }),
  ),
  "an object": secret(z.strictObject({ id: z.string() })),
  "a record": secret(z.record(z.string().max(1), z.number())),
  "a list": secret(z.array(z.enum(["a"])).min(9)),
  "a number": secret(z.number()),
  "a URL": secret(z.url()),
};

describe("load of an invalid secret, declared by", () => {
  for (const [what, schema] of Object.entries(schemas))
    it(`${what}, leaks no part of it in any environment`, () => assert.ok(countRefusals(schema) > 50));
});
