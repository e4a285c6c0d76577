import assert from "node:assert/strict";
import fc from "fast-check";
import { z } from "zod";
import { readingOf } from "../lib/text";

const decode = (schema: z.ZodType, text: string): unknown => {
  const reading = readingOf(schema);
  assert.ok("decode" in reading, "the schema is read from text");
  return reading.decode(text)?.value;
};

const refusal = (schema: z.ZodType): string => {
  const reading = readingOf(schema);
  return "refusal" in reading ? reading.refusal : assert.fail("the schema is not refused");
};

describe("text to values", () => {
  it("preserves every finite number", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        assert.equal(decode(z.number(), String(number)), number === 0 ? 0 : number);
      }),
    );
  });

  it("preserves every bigint", () => {
    fc.assert(fc.property(fc.bigInt(), (bigint) => assert.equal(decode(z.bigint(), String(bigint)), bigint)));
  });

  it("preserves every JSON value", () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), (value) => {
        assert.deepEqual(decode(z.array(z.unknown()), JSON.stringify(value)), JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it("returns every string unchanged", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => assert.equal(decode(z.string(), text), text)));
  });

  it("reads the words for yes and no in any case, and no others", () => {
    const words = { true: true, 1: true, yes: true, on: true, false: false, 0: false, no: false, off: false };
    const cased = fc
      .constantFrom(...Object.entries(words))
      .chain(([word, value]) => fc.tuple(fc.mixedCase(fc.constant(word)), fc.constant(value)));
    fc.assert(fc.property(cased, ([word, value]) => assert.equal(decode(z.boolean(), ` ${word} `), value)));
    for (const text of ["y", "n", "2", "", "truthy", "null"]) assert.equal(decode(z.boolean(), text), undefined, text);
  });

  for (const text of ["", " ", "abc", "1,5", "0x10", "1_000", "NaN", "Infinity", "1 2", "--1", "1e"]) {
    it(`does not read ${JSON.stringify(text)} as a number, not even with z.coerce.number()`, () => {
      assert.equal(decode(z.number(), text), undefined);
      assert.equal(decode(z.coerce.number(), text), undefined);
    });
  }

  it("reads numbers as people write them", () => {
    for (const [text, number] of [
      ["+5", 5],
      [" 8000 ", 8000],
      [".5", 0.5],
      ["5.", 5],
      ["1e3", 1000],
      ["-0", -0],
    ] as const)
      assert.equal(decode(z.number(), text), number);
    assert.equal(decode(z.bigint(), "+12345678901234567890"), 12345678901234567890n);
  });

  it("reads an enum's values and literals of any type, and nothing else", () => {
    enumLike();
    assert.equal(decode(z.literal(8), "8"), 8);
    assert.equal(decode(z.literal([1, "a", true, 5n]), "true"), true);
    assert.equal(decode(z.literal([1, "a", true, 5n]), "5"), 5n);
    assert.equal(decode(z.union([z.literal("a"), z.enum(["b", "c"])]), "c"), "c");
    assert.equal(decode(z.union([z.literal("a"), z.null()]), "a"), "a");
    assert.equal(decode(z.enum(["a", "b"]), "A"), undefined);
  });

  it("reads through wrappers, pipes and lazy schemas", () => {
    const lists = [
      z.number().optional(),
      z.number().nullable(),
      z.number().default(1),
      z.number().prefault(1),
      z.number().catch(1),
      z.number().readonly(),
    ];
    for (const schema of [
      ...lists,
      z.number().transform(String),
      z.lazy(() => z.number()),
      z.number().brand("port"),
      z.number().describe("x"),
    ])
      assert.equal(decode(schema, "7"), 7);
    assert.equal(decode(z.stringbool(), "yes"), "yes");
    assert.equal(decode(z.coerce.date(), "2026-01-01"), "2026-01-01");
    assert.equal(
      decode(
        z.preprocess((value) => value, z.number()),
        "7",
      ),
      "7",
    );
  });

  it("reads JSON for arrays, tuples, objects, records and their intersections and unions", () => {
    const object = z.object({ a: z.number() });
    const schemas = [
      object,
      z.strictObject({ a: z.number() }),
      z.record(z.string(), z.number()),
      object.and(z.object({})),
      object.or(z.object({})),
    ];
    for (const schema of schemas) assert.deepEqual(decode(schema, '{"a":1}'), { a: 1 });
    for (const schema of [z.array(z.number()), z.tuple([z.number()]), z.tuple([z.number()], z.number())])
      assert.deepEqual(decode(schema, "[1]"), [1]);
    assert.equal(decode(object, "{a:1}"), undefined);
  });

  for (const [what, schema, why] of [
    ["z.date()", z.date(), /z\.coerce\.date/],
    ["z.coerce.boolean()", z.coerce.boolean(), /"false" as true/],
    ["a map", z.map(z.string(), z.string()), /map/],
    ["a set", z.set(z.string()), /set/],
    ["a symbol", z.symbol(), /symbol/],
    ["null alone", z.null(), /null/],
    ["never", z.never(), /never/],
    ["a file", z.file(), /file/],
    ["different types in a union", z.union([z.number(), z.string()]), /union of different types/],
    ["a date inside a union", z.union([z.string(), z.date()]), /date/],
    ["a date inside JSON", z.object({ since: z.date() }), /z\.coerce\.date\(\) inside/],
    ["a bigint deep inside JSON", z.array(z.object({ n: z.bigint().optional() })), /bigint/],
    ["a date in a tuple's rest", z.tuple([z.string()], z.date()), /date/],
    ["a date in an object's catchall", z.object({}).catchall(z.date()), /date/],
    ["a set in a record", z.record(z.string(), z.set(z.string())), /set/],
  ] as const) {
    it(`rejects ${what}`, () => assert.match(refusal(schema), why));
  }

  it("handles recursive schemas", () => {
    interface Tree {
      readonly children: readonly Tree[];
    }
    const tree: z.ZodType<Tree> = z.object({
      get children() {
        return z.array(tree);
      },
    });
    assert.deepEqual(decode(tree, '{"children":[{"children":[]}]}'), { children: [{ children: [] }] });
  });

  it("describes the allowed values", () => {
    const what = (schema: z.ZodType) => {
      const reading = readingOf(schema);
      return "what" in reading ? reading.what : undefined;
    };
    assert.equal(what(z.enum(["openai", "local"])), 'one of "openai", "local"');
    assert.equal(what(z.literal([1, 5n])), "one of 1, 5");
    assert.equal(what(z.union([z.literal("a"), z.literal("b")])), 'one of "a" or one of "b"');
    assert.equal(what(z.int()), "a number");
  });
});

/** The compiled form of `enum Level { Low, High = 5 }`. */
const enumLike = (): void => {
  const Level = { Low: 0, High: 5, 0: "Low", 5: "High" } as const;
  const schema = z.enum(Level as unknown as { Low: 0; High: 5 });
  assert.equal(decode(schema, "5"), 5);
  assert.equal(decode(schema, "High"), undefined);
};
