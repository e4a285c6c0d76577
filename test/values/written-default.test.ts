import assert from "node:assert/strict";
import fc from "fast-check";
import { z } from "zod";
import { loadSync, secret, setting, settings } from "../../lib";
import { capturesFunction } from "../../lib/internal/captures";
import { writtenDefault } from "../../lib/values/written-default";

const written = (schema: z.ZodType) => {
  const [definition] = settings("app", { value: schema }).definitions;
  return writtenDefault(definition ?? assert.fail());
};
const textOf = (schema: z.ZodType): string => {
  const found = written(schema);
  return typeof found === "object" ? found.text : assert.fail(`${found}`);
};

describe("a default", () => {
  it("is written as its variable would hold it", () => {
    for (const [schema, text] of [
      [z.string().default("eu"), "eu"],
      [z.int().default(8000), "8000"],
      [z.bigint().default(5n).optional(), "5"],
      [z.boolean().prefault(false), "false"],
      [z.enum(["openai", "local"]).default("local").describe("the provider"), "local"],
      [z.url().default("http://localhost:3000").readonly(), "http://localhost:3000"],
      [z.array(z.string()).default(["a", "b"]), '["a","b"]'],
      [setting(z.array(z.string()).default(["a", "b"]), { separator: "," }), "a,b"],
      [setting(z.boolean().default(true), { boolean: "True", env: "DEBUG_MODE" }), "True"],
      [z.string().pipe(z.string().min(1)).default("a"), "a"],
    ] as const)
      assert.deepEqual(written(schema), { text });
  });

  it("is left to the app if no text represents it", () => {
    for (const schema of [
      z
        .string()
        .default("A")
        .transform((text) => text.toLowerCase()),
      z.string().trim().default("a"),
      z.stringbool().default(true),
      z.coerce.date().default(new Date(0)),
      z.object({ a: z.number() }).default({ a: 1 }),
      z.array(z.object({})).default([{}]),
      z.string().default(""),
      z.string().nullable().default(null),
      z.number().default(Infinity),
      setting(z.array(z.string()).default(["a,b"]), { separator: "," }),
    ])
      assert.equal(written(schema), "in the app");
  });

  it("is left to the app if a function makes it, which is not called", () => {
    const calls: string[] = [];
    const make = () => String(calls.push("called"));
    for (const schema of [z.string().default(make), z.string().prefault(make), setting(z.string().default(make), { env: "VALUE" })]) {
      const [definition] = settings("app", { value: schema }).definitions;
      assert.equal(writtenDefault(definition ?? assert.fail()), "in the app");
      assert.deepEqual(calls, []);
    }
    assert.equal(written(z.number().default(() => 5)), "in the app");
  });

  it("is missing if the schema has none", () => {
    for (const schema of [z.string(), z.string().optional(), z.number().catch(5), secret(), setting(z.string(), { env: "VALUE" })])
      assert.equal(written(schema), undefined);
  });

  it("gives the app the same value as without the variable", () => {
    const defaults: fc.Arbitrary<z.ZodType> = fc.oneof(
      fc
        .string({ unit: "binary", minLength: 1 })
        .filter((text) => !/\0|\p{Cs}/u.test(text))
        .map((text) => z.string().default(text)),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => z.number().default(number)),
      fc.boolean().map((value) => setting(z.boolean().default(value), { boolean: "ON" })),
      fc.array(fc.integer(), { minLength: 1 }).map((list) => setting(z.array(z.int()).default(list), { separator: "," })),
    );
    fc.assert(
      fc.property(defaults, (schema) => {
        const group = settings("app", { value: schema });
        assert.deepEqual(loadSync(group, { env: { VALUE: textOf(schema) } }), loadSync(group, { env: {} }));
      }),
    );
  });
});

describe("the closure of a function", () => {
  it("is known to hold a function or not", () => {
    const closureOf = (value: unknown) => () => value;
    assert.equal(capturesFunction(closureOf(() => 1)), true);
    for (const value of ["text", 5, null, undefined, ["a"], {}]) assert.equal(capturesFunction(closureOf(value)), false);
  });
});
