import assert from "node:assert/strict";
import { z } from "zod";
import { apiKeys, bucket, postgresUrl, redisUrl, secret, setting, settings } from "../lib/index";
import type { Shape } from "../lib/config";
import { errorOf, told } from "./support/errors";

/** Calls it as JavaScript would: the types reject much of this already. */
const declare = settings as unknown as (name: string, shape: object, options?: object) => unknown;
const problemsOf = (shape: object, options?: object) => errorOf(() => declare("shared", shape, options)).problems;
const messages = (shape: object, options?: object) => problemsOf(shape, options).map(({ message }) => message);

describe("an invalid declaration", () => {
  it("is reported in full, in one error, each problem with a fix", () => {
    const error = errorOf(() =>
      declare(
        "Shared!",
        {
          DatabaseUrl: postgresUrl({ version: "9" as never }),
          stripeKey: z.string(),
          since: z.date(),
          other: "text",
          mailUrl: redisUrl({ fallback: "nothing" }),
        },
        { requiredWhen: { nobody: { stripeKey: "x" } } },
      ),
    );
    assert.equal(error.name, "SettingsError");
    assert.equal(error.code, "DECLARATION_INVALID");
    assert.deepEqual(
      told(error).map((text) => text.slice(0, 62)),
      [
        'GROUP_DECLARATION the group name "Shared!" must contain only l',
        'GROUP_DECLARATION requiredWhen names "nobody", which is not a ',
        "SETTING_DECLARATION Shared!.DatabaseUrl must have a name in ca",
        "SETTING_DECLARATION Shared!.DatabaseUrl has an invalid option:",
        "SETTING_DECLARATION Shared!.since cannot be read from an envir",
        "SETTING_DECLARATION Shared!.other is not a zod schema",
        "SETTING_DECLARATION Shared!.stripeKey is a plain setting whose",
        'SETTING_DECLARATION Shared!.mailUrl falls back to "nothing", w',
      ],
    );
    for (const { fix, message, path } of error.problems) {
      assert.ok(fix !== "" && path !== "");
      assert.ok(error.message.includes(message) && error.message.includes(`fix: ${fix}`));
    }
  });

  it("has no settings", () => assert.deepEqual(messages({}), ["the group has no settings"]));

  it("has a group name that clashes with a variable of endow", () => {
    assert.match(errorOf(() => declare("environment", { a: z.string() })).message, /ENDOW_ENVIRONMENT/);
  });

  it("has a value that is not a zod 4 schema", () => {
    for (const value of ["text", undefined, null, 5, {}, () => z.string()])
      assert.match(messages({ a: value })[0] ?? "", /is not a zod schema/);
    assert.match(messages({ a: { _def: { typeName: "ZodString" }, parse: () => "" } })[0] ?? "", /zod 3/);
  });

  for (const [what, options] of [
    ["an unknown option", { vresion: "17" }],
    ["a wrong version", { version: "9" }],
    ["a wrong scheme", { scheme: "mysql" }],
    ["an unknown type of environment", { requiredIn: ["live"] }],
    ["an empty list of environments", { requiredIn: [] }],
    ["an id with a slash", { id: "a/b" }],
    ["a former id with a space", { formerly: ["a b"] }],
    ["a variable that is no text", { env: 5 }],
  ] as const) {
    it(`has ${what}`, () => assert.match(messages({ a: postgresUrl(options as object) }).join(), /has an invalid option/));
  }
});

describe("a wrapper around a kind", () => {
  it("may mark a plain setting with options", () => {
    const site = setting(z.string(), { env: "SITE" });
    const { definitions } = settings("shared", { a: site.optional(), b: setting(z.int(), { env: "B" }).nullable().readonly() });
    assert.deepEqual(
      definitions.map(({ variables, onAbsent }) => [variables[0]?.name, onAbsent]),
      [
        ["SITE", "undefined"],
        ["B", "null"],
      ],
    );
  });

  const kinds = { postgresUrl, redisUrl, bucket, secret: () => secret(), apiKeys } as const;
  for (const [name, build] of Object.entries(kinds)) {
    it(`may mark a ${name}`, () => {
      const shape = {
        a: build().optional(),
        b: build().nullable(),
        c: build().describe("its purpose"),
        d: build().meta({ title: "what" }),
        e: (build() as z.ZodType).refine(() => true),
        f: build().readonly(),
        g: build().brand("mark"),
        h: (build().describe("deep").optional().readonly() as z.ZodType).nullable(),
        i: (build() as z.ZodType).superRefine(() => undefined),
      } satisfies Shape;
      const { definitions } = settings("shared", shape as Shape);
      const [{ kind } = assert.fail("there are definitions")] = definitions;
      assert.notEqual(kind.name, "plain");
      assert.ok(definitions.every((definition) => definition.kind.name === kind.name));
      assert.deepEqual(
        definitions.map(({ onAbsent: absent }) => absent),
        ["undefined", "null", "refused", "refused", "refused", "refused", "refused", "undefined", "refused"],
      );
      assert.deepEqual([definitions[2]?.description, definitions[7]?.description], ["its purpose", "deep"]);
    });

    it(`must not give a ${name} a value from the code`, () => {
      const schema = build() as z.ZodType;
      const wrapped = {
        a: schema.default("x" as never),
        b: schema.prefault("x"),
        c: schema.catch("x"),
        d: schema.default("x" as never).optional(),
      };
      assert.deepEqual(
        messages(wrapped).map((message) => /has a (\w+): a/.exec(message)?.[1]),
        ["default", "prefault", "catch", "default"],
      );
    });

    it(`must not nest a ${name} in another schema`, () => {
      const schema = build() as z.ZodType;
      const wrapped = {
        a: z.array(schema),
        b: z.object({ inner: schema }),
        c: z.union([schema, z.string()]),
        d: z.record(z.string(), schema),
        e: z.tuple([schema]),
        f: schema.transform((value) => value),
        g: z.preprocess((value) => value, schema),
        h: schema.optional().transform((value) => value),
        i: z.object({ deep: z.array(schema.optional()) }),
        j: z.intersection(z.object({}), schema),
        k: schema.pipe(z.unknown()),
        l: z.object({}).catchall(schema),
      };
      assert.deepEqual(
        messages(wrapped).map((message) => message.replace(/^shared\.\w /, "")),
        Object.keys(wrapped).map(() => "contains a kind inside another schema, where it would not get a value"),
      );
    });
  }
});

describe("a plain setting", () => {
  it("is rejected when its name or its variable sounds secret", () => {
    for (const shape of [
      { stripeApiKey: z.string() },
      { dbPassword: z.string().optional() },
      { sentry: setting(z.url(), { env: "SENTRY_DSN" }) },
      { github: setting(z.string(), { alias: "GITHUB_TOKEN" }) },
      { accessTokens: z.array(z.string()) },
    ])
      assert.match(messages(shape).join(), /is a plain setting whose name suggests a secret/);
  });

  it("may sound secret when it cannot be one, or is declared public", () => {
    settings("shared", {
      maxTokens: z.number(),
      keyRotation: z.boolean(),
      tokenType: z.enum(["jwt", "opaque"]),
      secretLength: z.coerce.number().optional(),
      monkey: z.string(),
      publishableKey: setting(z.string(), { public: true }),
    });
  });

  it("is rejected when it cannot be read from text", () => {
    assert.match(messages({ since: z.date() }).join(), /cannot be read from an environment variable: a z\.date\(\)/);
    assert.match(messages({ debug: z.coerce.boolean() }).join(), /reads "false" as true/);
    assert.match(messages({ a: z.object({ since: z.date() }) }).join(), /JSON cannot represent a date/);
  });

  it("keeps its schema's behaviour, with or without options", () => {
    let calls = 0;
    const schema = setting(
      z.number().default(() => ++calls),
      { env: "COUNT" },
    );
    assert.deepEqual([schema.parse(undefined), schema.parse(undefined)], [1, 2]);
    assert.equal(calls, 2);
    assert.equal(
      settings("a", { count: setting(z.number().describe("how many"), { env: "COUNT" }) }).definitions[0]?.description,
      "how many",
    );
  });
});

describe("variables", () => {
  const variables = (shape: Shape) =>
    settings("shared", shape).definitions.map((definition) => definition.variables.map(({ name }) => name));

  it("are named after the setting, with the kind's suffixes, or by env", () => {
    assert.deepEqual(variables({ databaseUrl: postgresUrl(), s3_uploads: bucket(), port: setting(z.number(), { env: "HTTP_PORT" }) }), [
      ["DATABASE_URL"],
      ["BUCKET", "REGION", "ENDPOINT", "ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "PREFIX"].map((suffix) => `S3_UPLOADS_${suffix}`),
      ["HTTP_PORT"],
    ]);
    assert.equal(variables({ files: bucket({ env: "MEDIA" }) })[0]?.[0], "MEDIA_BUCKET");
  });

  it("are rejected in any other form", () => {
    for (const env of ["http-port", "HTTP-PORT", "1PORT", "", "A B", "A=B"])
      assert.match(
        messages({ port: setting(z.number(), { env }) }).join(),
        /must contain only letters, digits and _, and not start with a digit/,
      );
    assert.match(messages({ port: setting(z.number(), { alias: "my.port" }) }).join(), /must contain only letters/);
  });

  it("are rejected where they belong to the system or to endow", () => {
    for (const shape of [
      { path: z.string() },
      { nodeEnv: z.string() },
      { environment: z.string() },
      { a: secret({ env: "ENDOW_SHARED" }) },
    ])
      assert.match(messages(shape).join(), /is reserved for the system or endow/);
  });

  it("are rejected where two settings share one", () => {
    const clash = /uses the variable (\w+), which shared\.(\w+) also uses/;
    for (const [shape, variable] of [
      [{ apiUrl: z.string(), api_url: z.string() }, "API_URL"],
      [{ databaseUrl: postgresUrl(), other: postgresUrl({ env: "DATABASE_URL" }) }, "DATABASE_URL"],
      [{ uploads: bucket(), uploadsRegion: z.string() }, "UPLOADS_REGION"],
      [{ cert: secret(), certFile: z.string() }, "CERT_FILE"],
    ] as const)
      assert.equal(clash.exec(messages(shape).join())?.[1], variable);
  });

  it("are rejected as the alias of another setting", () => {
    const [problem] = problemsOf({ databaseUrl: postgresUrl(), analyticsUrl: postgresUrl({ alias: "DATABASE_URL" }) });
    assert.match(problem?.message ?? "", /has the alias DATABASE_URL, which is a variable of shared\.databaseUrl/);
    assert.match(problem?.fix ?? "", /fallback: "databaseUrl"/);
  });
});

describe("ids", () => {
  it("default to the group's and the setting's name", () => {
    const { definitions } = settings("shared", { a: secret(), b: secret({ id: "old.b", formerly: ["older.b"] }) });
    assert.deepEqual(
      definitions.map(({ id, formerly }) => ({ id, formerly })),
      [
        { id: "shared.a", formerly: [] },
        { id: "old.b", formerly: ["older.b"] },
      ],
    );
  });

  it("belong to one setting, now and formerly", () => {
    for (const shape of [
      { a: secret({ id: "x" }), b: secret({ id: "x" }) },
      { a: secret({ id: "x" }), b: secret({ formerly: ["x"] }) },
      { a: secret(), b: secret({ formerly: ["shared.a"] }) },
    ])
      assert.match(messages(shape).join(), /has the id "[\w.]+", which shared\.a also has/);
    settings("shared", { a: secret({ id: "x", formerly: ["x"] }) });
  });
});
