import assert from "node:assert/strict";
import fc from "fast-check";
import { z } from "zod";
import { readingOf, type TextOptions } from "../lib/text";
import { spellings } from "../lib/text-values";

const readable = (schema: z.ZodType, options?: TextOptions) => {
  const reading = readingOf(schema, options);
  assert.ok("decode" in reading, "refusal" in reading ? reading.refusal : "");
  return reading;
};
const encode = (schema: z.ZodType, value: unknown, options?: TextOptions) => readable(schema, options).encode(value);

const words = Object.keys(spellings) as (keyof typeof spellings)[];
const written = fc.string({ unit: "binary", minLength: 1 }).filter((text) => !/\0|\p{Cs}/u.test(text));
const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
const entry = written.filter((text) => text.trim() === text && !text.includes(",") && !text.startsWith("["));

/** Every schema that can be written, with its values. */
const writable: Readonly<Record<string, readonly [schema: z.ZodType, values: fc.Arbitrary<unknown>, options?: TextOptions]>> = {
  "a string": [z.string(), written],
  "a string of a format": [z.url(), fc.webUrl()],
  "any and unknown": [z.union([z.any(), z.unknown()]), written],
  "a custom type": [z.custom<string>(), written],
  "a template literal": [z.templateLiteral(["v", z.number()]), fc.integer().map((number) => `v${number}`)],
  "a number": [z.number(), finite],
  "an integer with a default": [z.int().min(-9).default(5).optional(), fc.integer()],
  "a coerced number": [z.coerce.number(), finite],
  "a bigint": [z.bigint().nullable(), fc.bigInt()],
  "an enum": [z.enum(["a", "B c"]), fc.constantFrom("a", "B c")],
  "literals of several types": [z.literal([1, "a", true, 5n]), fc.constantFrom(1, "a", true, 5n)],
  "a union": [z.union([z.literal("a"), z.enum(["b", "c"])]), fc.constantFrom("a", "b", "c")],
  "a lazy schema": [z.lazy(() => z.number().readonly()), finite],
  "a pipe that transforms nothing": [z.string().pipe(z.string().min(1)), written],
  "a JSON list": [z.array(z.string()), fc.array(written)],
  "a tuple": [z.tuple([z.string(), z.int()]), fc.tuple(written, fc.integer())],
  "an object": [
    z.object({ a: z.int(), b: z.array(z.boolean()) }),
    fc.record({ a: fc.integer(), b: fc.array(fc.boolean()) }, { noNullPrototype: true }),
  ],
  "a record": [z.record(z.string(), z.int()), fc.dictionary(written, fc.integer(), { noNullPrototype: true })],
  "a list of texts with a separator": [z.array(z.string()), fc.array(entry, { minLength: 1 }), { separator: "," }],
  "a list of numbers with a separator": [z.array(z.number()).max(99), fc.array(finite, { minLength: 1 }), { separator: ";" }],
  "a list of enums with a separator": [
    z.array(z.enum(["a", "b"])).readonly(),
    fc.array(fc.constantFrom("a", "b"), { minLength: 1 }),
    { separator: " " },
  ],
  ...Object.fromEntries(
    words.flatMap((spelling) => [
      [`a boolean as ${spelling}`, [z.boolean().default(true), fc.boolean(), { boolean: spelling }] as const],
      [
        `a list of booleans as ${spelling}`,
        [z.array(z.boolean()), fc.array(fc.boolean(), { minLength: 1 }), { boolean: spelling, separator: "," }] as const,
      ],
    ]),
  ),
};

describe("a value that is written as text", () => {
  for (const [what, [schema, values, options]] of Object.entries(writable))
    it(`is read back: ${what}`, () => {
      const { decode, encode } = readable(schema, options);
      fc.assert(
        fc.property(values, (value) => {
          const text = encode(value);
          assert.ok(text !== undefined, "it can be written");
          assert.deepEqual(decode(text), { value });
        }),
      );
    });

  it("is either read back or not written at all, for every value and every schema", () => {
    const schemas = fc.constantFrom(...Object.values(writable));
    fc.assert(
      fc.property(schemas, fc.anything({ withBigInt: true, withDate: true }), ([schema, , options], value) => {
        const { decode, encode } = readable(schema, options);
        const text = encode(value);
        assert.ok(text === undefined || (text !== "" && assert.deepEqual(decode(text), { value }) === undefined));
      }),
      { numRuns: 1_000 },
    );
  });

  it("has the setting's spelling", () => {
    for (const [spelling, opposite] of Object.entries(spellings)) {
      const options = { boolean: spelling as keyof typeof spellings };
      assert.deepEqual([encode(z.boolean(), true, options), encode(z.boolean(), false, options)], [spelling, opposite]);
    }
    assert.equal(encode(z.boolean(), false), "false");
    assert.equal(encode(z.array(z.boolean()), [true, false], { boolean: "On", separator: ";" }), "On;Off");
    assert.equal(encode(z.array(z.string()), ["a", "b c"], { separator: "," }), "a,b c");
    assert.equal(encode(z.array(z.string()), ["a"]), '["a"]');
  });

  for (const [why, schema, value, options] of [
    ["it is empty, which counts as unset", z.string(), ""],
    ["it is an empty list", z.array(z.string()), [], { separator: "," }],
    ["it holds a NUL", z.string(), "a\0b"],
    ["it holds half a character", z.string(), "\uD800"],
    ["it is not finite", z.number(), Infinity],
    ["an entry holds the separator", z.array(z.string()), ["a,b"], { separator: "," }],
    ["an entry is empty", z.array(z.string()), ["a", ""], { separator: "," }],
    ["an entry ends in white space", z.array(z.string()), ["a "], { separator: "," }],
    ["the list would be read as JSON", z.array(z.string()), ["[1]"], { separator: "," }],
    ["the schema transforms it", z.string().transform((text) => text.length), 5],
    ["the schema transforms a text into another", z.string().transform((text) => `${text}!`), "a"],
    ["the schema trims it", z.string().trim(), "a"],
    ["the schema changes its case", z.array(z.string().toLowerCase()), ["a"]],
    ["the schema prepares it", z.preprocess(String, z.string()), "a"],
    ["a codec makes it", z.stringbool(), true],
    ["it is a date", z.coerce.date(), new Date(0)],
    ["a date is in it", z.object({ since: z.coerce.date() }), { since: new Date(0) }],
    ["it is a big number in JSON", z.array(z.coerce.bigint()), [5n]],
    ["the enum does not have it", z.enum(["a"]), "b"],
    ["two literals have one text", z.literal(["1", 1]), "1"],
  ] as const satisfies readonly (readonly [string, z.ZodType, unknown, TextOptions?])[])
    it(`is not written when ${why}`, () => assert.equal(encode(schema, value, options), undefined));
});

describe("a list with a separator", () => {
  const decode = (schema: z.ZodType, text: string, options: TextOptions) => readable(schema, options).decode(text)?.value;

  it("is read as apps split it: trimmed, without empty entries", () => {
    for (const [text, list] of [
      ["a,b,c", ["a", "b", "c"]],
      [" a , b c ,", ["a", "b c"]],
      [",,a,,b,", ["a", "b"]],
      ["a", ["a"]],
      [",", []],
    ] as const)
      assert.deepEqual(decode(z.array(z.string()), text, { separator: "," }), list, text);
    assert.deepEqual(decode(z.array(z.number()).default([]), "1; 2.5", { separator: ";" }), [1, 2.5]);
    assert.deepEqual(decode(z.array(z.boolean()), "yes|Off", { separator: "|" }), [true, false]);
    assert.deepEqual(decode(z.array(z.string()), "a\nb", { separator: "\n" }), ["a", "b"]);
  });

  it("is read from a JSON array as well", () => {
    assert.deepEqual(decode(z.array(z.string()), ' ["a,b","c"]', { separator: "," }), ["a,b", "c"]);
    assert.deepEqual(decode(z.array(z.string()), "[::1],b", { separator: "," }), ["[::1]", "b"]);
  });

  it("is rejected as a whole if one entry is", () => {
    assert.equal(decode(z.array(z.number()), "1,x", { separator: "," }), undefined);
    assert.equal(decode(z.array(z.enum(["a", "b"])), "a,c", { separator: "," }), undefined);
  });

  for (const [why, schema, options, refusal] of [
    ["a text", z.string(), { separator: "," }, "a separator needs a list: use z.array()"],
    ["a tuple", z.tuple([z.string()]), { separator: "," }, "a separator needs a list: use z.array()"],
    [
      "a list of objects",
      z.array(z.object({})),
      { separator: "," },
      "only a list of strings, numbers, booleans or enums can have a separator",
    ],
    [
      "a list of lists",
      z.array(z.array(z.string())),
      { separator: "," },
      "only a list of strings, numbers, booleans or enums can have a separator",
    ],
    ["a list of sets", z.array(z.set(z.string())), { separator: "," }, "a zod set cannot be written in an environment variable"],
    ["a number with a spelling of true", z.number(), { boolean: "1" }, "the option boolean needs z.boolean()"],
  ] as const)
    it(`cannot be ${why}`, () => {
      const reading = readingOf(schema, options);
      assert.equal("refusal" in reading && reading.refusal, refusal);
    });
});
