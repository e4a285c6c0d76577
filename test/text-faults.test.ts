import assert from "node:assert/strict";
import { z } from "zod";
import { loadSync, Secret, secret, settings } from "../lib";
import { textFault } from "../lib/text-faults";

describe("text without a fault", () => {
  for (const [what, schema, text] of [
    ["a PEM key that ends in a line break", secret(), "-----BEGIN KEY-----\nk7Gq2vXp\n-----END KEY-----\n"],
    ["a PEM key from a Windows file", secret(), "-----BEGIN KEY-----\r\nk7Gq2vXp\r\n-----END KEY-----\r\n"],
    ["a secret with quotes inside", secret(), `k7"Gq'2vXp`],
    ["a secret that begins with a dollar sign", secret(), "$2b$10$k7Gq2vXp"],
    ["a secret with an open brace", secret(), "a${7Gq}}"],
    ["a plain text in quotes", z.string(), '"x"'],
    ["a template", z.string(), "https://${tenant}.shop.test"],
  ] as const)
    it(`is ${what}`, () => {
      const { value } = loadSync(settings("app", { value: schema as z.ZodType }), { env: { VALUE: text } });
      assert.equal(value instanceof Secret ? value.reveal() : value, text);
    });
});

describe("the fault of text", () => {
  for (const [text, sentence] of [
    ['"abc"', "has quotes around it"],
    ['""', "has quotes around it"],
    ['"', undefined],
    ["'abc\"", undefined],
    ["abc\n", "ends with a line break"],
    ["\n", "ends with a line break"],
    ["abc\r", "ends with a carriage return"],
    ["abc\r\n", "ends with a carriage return"],
    ["a\nb\r", "ends with a carriage return"],
    ["a\nb\n", undefined],
    ["a\r\nb\r\n", undefined],
    ["${A}", "contains an unexpanded ${...}"],
    ["x${A_1:-y}z", "contains an unexpanded ${...}"],
    ["$NAME", "is an unexpanded $NAME"],
    ["$name", undefined],
    ["$2b$10$N9qo8uLOickgx2ZMRZoMye", undefined],
    ["$(cat /run/secrets/token)", "is an unexpanded $(...)"],
    ["a$(b)", undefined],
  ] as const)
    it(`is ${sentence ?? "nothing"} for ${JSON.stringify(text)}`, () => assert.equal(textFault(text)?.sentence, sentence));

  it("is found in linear time", () => {
    for (const part of ["${A:-", "\r", '"', "$(", "a\n"]) textFault(part.repeat(200_000));
  });
});
