import assert from "node:assert/strict";
import fc from "fast-check";
import { z } from "zod";
import { apiKeys, bucket, loadSync, postgresUrl, redisUrl, secret, settings, EndowError } from "../../lib/index";
import { everythingIn } from "../support/errors";

// Letters that no sentence, name or path of ours has next to each other.
const word = fc.string({ unit: fc.constantFrom("Ж", "Ф", "Щ", "Ю", "Я", "Ъ", "Э"), minLength: 4, maxLength: 12 });
const around = fc.constantFrom(
  "",
  "://",
  "@",
  ":",
  "/",
  "?sslmode=",
  "#",
  "%",
  "[",
  "]",
  ",",
  "{",
  '"',
  " ",
  "\n",
  "postgresql://",
  "redis://",
  "sk-",
  "host:99999/",
);
const wrong = fc.array(fc.tuple(around, word, around), { minLength: 1, maxLength: 4 }).map((parts) => parts.flat().join(""));
const json = fc
  .dictionary(word, fc.oneof(word, fc.integer(), fc.array(word), fc.dictionary(word, word)))
  .map((value) => JSON.stringify(value));

const kinds = {
  postgresUrl: postgresUrl(),
  redisUrl: redisUrl(),
  bucket: bucket(),
  plainSecret: secret(z.string().startsWith("never-this")),
  refined: secret().refine(() => false, { error: ({ input }) => `refused ${(input as { reveal: () => string }).reveal()}` }),
  quoting: secret(z.string().refine(() => false, { error: ({ input }) => `refused ${String(input)}` })),
  throwing: secret(
    z.string().transform((text): string => {
      throw new Error(`cannot use ${text}`);
    }),
  ),
  object: secret(z.strictObject({ id: z.string() })),
  record: secret(z.record(z.string().max(1), z.number())),
  list: secret(z.array(z.enum(["a"])).min(9)),
  number: secret(z.number()),
  url: secret(z.url()),
  apiKeys: apiKeys(),
};

/** No part of four characters of the value, encoded or not, is anywhere in the error. */
const assertNothingOf = (value: string, text: string): void => {
  for (const part of value.match(/[ЖФЩЮЯЪЭ]{4,}/g) ?? []) {
    for (let at = 0; at + 4 <= part.length; at++) {
      const piece = part.slice(at, at + 4);
      for (const form of [piece, encodeURIComponent(piece), Buffer.from(piece).toString("base64").slice(0, 10)])
        assert.ok(!text.includes(form), "a part of the value is told");
    }
  }
};

for (const [kind, schema] of Object.entries(kinds)) {
  describe(`load of a wrong ${kind}`, () => {
    const group = settings("shared", { value: schema });
    const variables = group.definitions[0]?.variables ?? assert.fail("one setting");

    it("tells no part of it, in whatever environment", () => {
      const values = fc.record(Object.fromEntries(variables.map(({ name }) => [name, fc.oneof(wrong, json)])));
      const environment = fc.constantFrom("production", "development");
      let refused = 0;
      fc.assert(
        fc.property(values, environment, (env, environment) => {
          try {
            loadSync(group, { env, environment });
          } catch (error) {
            if (!(error instanceof EndowError)) throw error;
            refused++;
            for (const text of Object.values(env)) assertNothingOf(text, everythingIn(error));
          }
        }),
      );
      assert.ok(refused > 50, "most values are refused");
    });
  });
}
