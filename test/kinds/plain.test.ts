import assert from "node:assert/strict";
import { z } from "zod";
import { loadSync, setting, settings } from "../../lib/index";
import { errorOf, everythingIn } from "../support/errors";

const load = (schema: z.ZodType, VALUE?: string): unknown =>
  loadSync(settings("shared", { value: schema }), { env: VALUE === undefined ? {} : { VALUE } }).value;
const refusal = (schema: z.ZodType, text: string) => {
  const error = errorOf(() => load(schema, text));
  assert.doesNotMatch(everythingIn(error), /qzjw/);
  return error.problems.map(({ message }) => message).join("; ");
};

describe("a plain setting", () => {
  it("is the value that its schema parses from the text", () => {
    for (const [schema, text, value] of [
      [z.string(), " text ", " text "],
      [z.number(), "8000", 8000],
      [z.coerce.number(), "8000", 8000],
      [z.boolean(), "off", false],
      [z.bigint(), "9", 9n],
      [z.enum(["a", "b"]), "b", "b"],
      [z.array(z.string()), '["a","b"]', ["a", "b"]],
      [z.object({ a: z.number() }), '{"a":1,"b":2}', { a: 1 }],
      [z.string().transform((list) => list.split(",")), "a,b", ["a", "b"]],
      [z.coerce.date(), "2026-01-01", new Date("2026-01-01")],
      [z.stringbool(), "yes", true],
      [z.number().default(1), "2", 2],
      [z.preprocess((given) => given ?? "made", z.string()), "given", "given"],
      [setting(z.string(), { public: true }), "text", "text"],
    ] as const)
      assert.deepEqual(load(schema, text), value);
  });

  it("is the value that its schema parses from undefined if the text is missing or empty", () => {
    for (const [schema, value] of [
      [z.string().optional(), undefined],
      [z.string().nullable(), null],
      [z.string().nullish(), undefined],
      [z.number().default(5), 5],
      [z.number().prefault(5), 5],
      [z.number().default(5).optional(), 5],
      [z.number().catch(5), 5],
      [
        z
          .string()
          .default("a")
          .transform((text) => text.length),
        1,
      ],
      [z.preprocess((given) => given ?? "made", z.string()), "made"],
    ] as const) {
      assert.deepEqual(load(schema), value);
      assert.deepEqual(load(schema, ""), value);
    }
  });

  it("is missing if its schema rejects undefined", () => {
    for (const schema of [
      z.string(),
      z.any(),
      z.unknown(),
      z.string().optional().nonoptional(),
      z.preprocess((given) => given, z.string()),
    ])
      assert.match(errorOf(() => load(schema)).message, /VALUE must be configured/);
  });

  it("is rejected with a message that says what is allowed, without the given value", () => {
    for (const [schema, text, message] of [
      [z.number(), "qzjw", "VALUE must be a number"],
      [z.int(), "1.5", "VALUE must be a whole number"],
      [z.number().min(5), "3", "VALUE must be at least 5"],
      [z.number().gt(5), "5", "VALUE must be more than 5"],
      [z.number().max(5), "7", "VALUE must be at most 5"],
      [z.number().lt(5), "5", "VALUE must be less than 5"],
      [z.number().multipleOf(5), "7", "VALUE must be a multiple of 5"],
      [z.bigint().min(5n), "3", "VALUE must be at least 5"],
      [z.boolean(), "qzjw", "VALUE must be true or false (also 1, 0, yes, no, on, off)"],
      [z.enum(["a", "b"]), "qzjw", 'VALUE must be one of "a", "b"'],
      [z.string().min(9), "qzjw", "VALUE must have at least 9 characters"],
      [z.string().max(2), "qzjw", "VALUE must have at most 2 characters"],
      [z.string().length(2), "qzjw", "VALUE must have exactly 2 characters"],
      [z.url(), "qzjw", "VALUE must be a valid URL"],
      [z.email(), "qzjw", "VALUE must be a valid email address"],
      [z.string().endsWith("x"), "qzjw", 'VALUE must end with "x"'],
      [z.array(z.number()), "qzjw", "VALUE must be a JSON array"],
      [z.array(z.number()).min(2), "[1]", "VALUE must have at least 2 entries"],
      [z.coerce.date(), "qzjw", "VALUE must be a date, such as 2026-01-31 or 2026-01-31T12:00:00Z"],
      [z.coerce.date().min(new Date(0)), "1960-01-01", "VALUE must be at least 1970-01-01T00:00:00.000Z"],
      [
        z.object({ ports: z.array(z.object({ port: z.number() })) }),
        '{"ports":[{"port":"qzjw"}]}',
        "VALUE must be a number at ports.0.port",
      ],
      [z.record(z.string(), z.object({ port: z.number() })), '{"qzjw":{"port":"qzjw"}}', "VALUE must be a number"],
      [z.object({ a: z.record(z.string(), z.number()) }), '{"a":{"qzjw":"x"}}', "VALUE must be a number at a"],
      [z.tuple([z.string(), z.number()]).optional(), '["a","qzjw"]', "VALUE must be a number at 1"],
      [z.strictObject({ a: z.number() }), '{"a":1,"qzjw":1}', "VALUE has a key that is not declared"],
      [z.string().refine(() => false, "is not our way"), "qzjw", "VALUE is refused: is not our way"],
      [z.string().refine(() => false), "qzjw", "VALUE fails a check of its declaration"],
    ] as const)
      assert.equal(refusal(schema, text), message);
  });
});

describe("a plain setting with options", () => {
  it("must be transformed inside, and any other way is rejected with that fix", () => {
    const plain = setting(z.string(), { env: "SITE" });
    const shape = {
      a: plain.transform((text) => text),
      b: plain.pipe(z.string()),
      c: z.preprocess((value) => value, plain),
      d: plain.optional().transform((text) => text),
      e: plain.transform((text) => text).optional(),
      f: plain.transform((text) => text).transform((text) => text),
    };
    const { problems } = errorOf(() => settings("shared", shape));
    assert.deepEqual(
      problems.map(({ message }) => message.replace(/^shared\.\w /, "")),
      Object.keys(shape).map(() => "transforms a setting, which would lose its options"),
    );
    for (const { fix } of problems) assert.equal(fix, "transform the inner schema: setting(schema.transform(...), options)");
    assert.equal(
      loadSync(
        settings("shared", {
          site: setting(
            z.string().transform((text) => text.length),
            { env: "SITE" },
          ),
        }),
        { env: { SITE: "abc" } },
      ).site,
      3,
    );
  });
});
