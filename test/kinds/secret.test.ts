import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { z } from "zod";
import { loadSync, secret, settings, Secret } from "../../lib/index";
import { everythingIn, errorOf } from "../support/errors";

const load = (schema: z.ZodType, TOKEN: string, environment = "development") =>
  loadSync(settings("shared", { token: schema }), { env: { TOKEN }, environment }) as unknown as { readonly token: Secret<unknown> };

describe("the kind secret", () => {
  it("accepts any text, including a multi-line PEM key", () => {
    const pem = generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    assert.equal(load(secret(), pem, "production").token.reveal(), pem);
    assert.equal(load(secret(z.string().includes("PRIVATE KEY")), pem).token.reveal(), pem);
  });

  it("accepts JSON with a schema and returns the parsed value", () => {
    const account = z.object({ project_id: z.string(), private_key: z.string(), expires: z.coerce.date() });
    const { token } = load(secret(account), JSON.stringify({ project_id: "shop", private_key: "k", expires: "2026-01-01" }));
    assert.deepEqual(token.reveal(), { project_id: "shop", private_key: "k", expires: new Date("2026-01-01") });
    assert.equal(JSON.stringify(token), '"***"');
  });

  it("accepts numbers, enums and transformations with a schema", () => {
    assert.equal(load(secret(z.number()), "4711").token.reveal(), 4711);
    assert.equal(load(secret(z.bigint()), "4711").token.reveal(), 4711n);
    assert.equal(load(secret(z.string().transform((text) => text.toUpperCase())), "abc").token.reveal(), "ABC");
  });

  it("reports what the schema requires, and not the given value", () => {
    for (const [schema, text, message] of [
      [secret(z.string().startsWith("sk-")), "qzjw-xkvv", 'TOKEN must start with "sk-"'],
      [secret(z.string().min(20)), "qzjw-xkvv", "TOKEN must have at least 20 characters"],
      [secret(z.string().regex(/^\d+$/)), "qzjw-xkvv", "TOKEN does not match the declared format"],
      [secret(z.object({})), "{qzjw-xkvv", "TOKEN must be a JSON object"],
      [secret(z.object({ key: z.string() })), '{"qzjw-xkvv":1}', "TOKEN must be text at key"],
      [secret(z.strictObject({})), '{"qzjw-xkvv":1}', "TOKEN has a key that is not declared"],
      [secret(z.record(z.string().max(2), z.string())), '{"qzjw-xkvv":"1"}', "TOKEN fails a check of its declaration"],
      [secret(z.number()), "qzjw-xkvv", "TOKEN must be a number"],
      [
        secret(z.string().refine(() => false, { error: ({ input }) => `no ${String(input)}` })),
        "qzjw-xkvv",
        "TOKEN fails a check of its declaration",
      ],
      [secret().refine(() => false, { error: "no" }), "qzjw-xkvv", "TOKEN fails a check of its declaration"],
    ] as const) {
      const error = errorOf(() => load(schema, text));
      assert.deepEqual(
        error.problems.map((problem) => problem.message),
        [message],
      );
      assert.doesNotMatch(everythingIn(error), /qzjw|xkvv/);
    }
  });

  it("hides what a check in its declaration throws", () => {
    const throwing = secret(
      z.string().refine((text): boolean => {
        throw new Error(`bad ${text}`);
      }),
    );
    const error = errorOf(() => load(throwing, "qzjw-xkvv"));
    assert.match(error.message, /TOKEN could not be checked/);
    assert.doesNotMatch(everythingIn(error), /qzjw/);
  });

  it("accepts options first or after a schema", () => {
    const { definitions } = settings("shared", {
      a: secret({ env: "FIRST" }),
      b: secret(z.string().min(1), { env: "SECOND" }),
    });
    assert.deepEqual(
      definitions.map(({ variables }) => variables[0]?.name),
      ["FIRST", "SECOND"],
    );
  });

  it("rejects a schema with a default, an optional one, and one that text cannot represent", () => {
    for (const [schema, why] of [
      [z.string().default("x"), /must not use \.default\(\)/],
      [z.string().optional(), /use secret\(schema\)\.optional\(\)/],
      [z.date(), /z\.coerce\.date/],
    ] as const)
      assert.match(errorOf(() => settings("shared", { token: secret(schema as z.ZodType) })).message, why);
  });

  it("rejects placeholders and short texts in production only", () => {
    for (const weak of [
      "changeme",
      "change-me-please-now",
      "your-api-key",
      "<token>",
      "xxxxxxxxxxxx",
      "password123",
      "12345678",
      "qwzxv",
      "example-key-1",
    ]) {
      const [problem] = errorOf(() => load(secret(), weak, "production")).problems;
      assert.equal(problem?.code, "SETTING_WEAK", weak);
      assert.doesNotMatch(problem.message + problem.fix, new RegExp(weak));
      assert.equal(load(secret(), weak, "test").token.reveal(), weak);
    }
  });

  it("accepts real tokens in production", () => {
    for (const token of ["sk-proj-4fT9aQ", "sk_test_51H8s9aXyZ", "ghp_16C7e42F292c6912E7710c838347Ae178B4a", "xoxb-2345-abcDEF"])
      assert.equal(load(secret(), token, "production").token.reveal(), token);
    assert.ok(load(secret(z.object({})), "{}", "production").token instanceof Secret);
  });

  it("can be generated, also with a schema that accepts the generated values", () => {
    const { definitions } = settings("shared", {
      session: secret({ generate: true }),
      key: secret(z.string().length(64), { generate: { bytes: 32, as: "hex" } }),
      json: secret(z.coerce.bigint(), { generate: { length: 39, alphabet: "0123456789" } }),
      later: secret(
        z.string().refine(async () => false),
        { generate: true },
      ),
      supplied: secret(),
    });
    assert.deepEqual(
      definitions.map(({ kind }) => kind.generation?.make),
      ["bytes", "bytes", "characters", "bytes", undefined],
    );
  });

  it("rejects a schema that does not accept the generated values", () => {
    for (const [schema, generate, made] of [
      [z.string().length(64), { bytes: 33, as: "hex" }, "66 hexadecimal characters"],
      [z.string().startsWith("sk-"), true, "43 base64url characters"],
      [z.number(), true, "43 base64url characters"],
      // Only some of the texts would be refused.
      [z.string().regex(/^[0-4]/), { length: 40, alphabet: "0123456789" }, "40 characters of its alphabet"],
    ] as const)
      assert.match(
        errorOf(() => settings("shared", { token: secret(schema as z.ZodType, { generate }) })).message,
        new RegExp(`shared.token has an invalid option: generate: it generates ${made}, which the schema rejects`),
      );
  });

  it("names `generate` in the problem with it", () => {
    const error = errorOf(() => settings("shared", { token: secret({ generate: { bytes: 8 } }) }));
    assert.match(error.message, /shared\.token has an invalid option: generate: bytes must be a whole number from 16/);
  });
});
