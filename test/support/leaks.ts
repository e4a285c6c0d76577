import assert from "node:assert/strict";
import fc from "fast-check";
import type { z } from "zod";
import { loadSync, settings, EndowError } from "../../lib/index";
import { everythingIn } from "./errors";

// Letter sequences that do not occur in any of our messages, names or paths.
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

/** Loads a setting from all kinds of invalid values in each environment, and asserts that no error quotes them. Returns the number of rejections. */
export const countRefusals = (schema: z.ZodType): number => {
  const group = settings("shared", { value: schema });
  const variables = group.definitions[0]?.variables ?? assert.fail("one setting");
  const values = fc.record(Object.fromEntries(variables.map(({ name }) => [name, fc.oneof(wrong, json)])));
  let refused = 0;
  fc.assert(
    fc.property(values, fc.constantFrom("production", "development"), (env, environment) => {
      try {
        loadSync(group, { env, environment });
      } catch (error) {
        if (!(error instanceof EndowError)) throw error;
        refused++;
        for (const text of Object.values(env)) assertNothingOf(text, everythingIn(error));
      }
    }),
  );
  return refused;
};

/** Asserts that the error contains no four-character part of the value, encoded or not. */
const assertNothingOf = (value: string, text: string): void => {
  for (const part of value.match(/[ЖФЩЮЯЪЭ]{4,}/g) ?? []) {
    for (let at = 0; at + 4 <= part.length; at++) {
      const piece = part.slice(at, at + 4);
      for (const form of [piece, encodeURIComponent(piece), Buffer.from(piece).toString("base64").slice(0, 10)])
        assert.ok(!text.includes(form), "the error contains part of the value");
    }
  }
};
