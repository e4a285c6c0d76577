import assert from "node:assert/strict";
import { inspect } from "node:util";
import fc from "fast-check";
import { z } from "zod";
import { apiKeys, bucket, plan, postgresUrl, redisUrl, secret, setting, settings, type PlanRequest } from "../lib/index";
import { errorOf, told } from "./support/errors";

const shared = settings(
  "shared",
  {
    databaseUrl: postgresUrl({ version: "17" }),
    redisUrl: redisUrl(),
    uploads: bucket(),
    llmProvider: z.enum(["openai", "local"]).default("local"),
    llmApiKey: secret({ alias: "OPENAI_API_KEY" }).optional(),
    embeddingApiKey: secret({ fallback: "llmApiKey" }),
    apiKeys: apiKeys({ requiredIn: ["production"] }),
  },
  { requiredWhen: { llmApiKey: { llmProvider: "openai" } } },
);
const planned = (request: Partial<PlanRequest> = {}) => plan({ project: "shop", groups: [shared], environment: "production", ...request });
const variable = (name: string, request?: Partial<PlanRequest>) =>
  planned(request).variables.find((row) => row.name === name) ?? assert.fail(`${name} is planned`);

describe("the plan's environment", () => {
  it("decides profile and target, unless a target is given", () => {
    assert.deepEqual(
      ["production", "staging", "dev", "pr-42"]
        .map((environment) => planned({ environment }))
        .map(({ environment, target, profile }) => [environment.type, target, profile.protected]),
      [
        ["production", "aws", true],
        ["test", "aws", true],
        ["development", "local", false],
        ["preview", "aws", false],
      ],
    );
    assert.equal(planned({ target: "kubernetes" }).target, "kubernetes");
    assert.equal(errorOf(() => planned({ environment: "live" })).code, "ENVIRONMENT_UNKNOWN");
    assert.equal(planned({ environment: { name: "live", type: "production" } }).variables[0]?.entry, "shop/live/shared/DATABASE_URL");
  });
});

describe("planned resources", () => {
  const group = settings("a", {
    one: postgresUrl(),
    two: postgresUrl({ version: "17" }),
    old: postgresUrl({ version: "15", id: "legacy.db", formerly: ["older.db"] }),
    optional: redisUrl().optional(),
    conditional: redisUrl({ requiredIn: ["production"] }),
    fallback: redisUrl({ fallback: "optional" }),
  });
  const resources = (request: Partial<PlanRequest>) => planned({ groups: [group], ...request }).resources.map(({ id }) => id);

  it("are those that a setting needs in this environment", () => {
    assert.deepEqual(resources({}), ["a.one", "a.two", "legacy.db", "a.optional", "a.conditional"]);
    assert.deepEqual(resources({ environment: "dev" }), ["a.one", "a.two", "legacy.db", "a.optional"]);
  });

  it("are not made for what a person supplies", () => {
    assert.ok(!resources({ supplied: { ONE: true } }).includes("a.one"));
  });

  it("share a server when they need the same one", () => {
    assert.deepEqual(
      planned({ groups: [group] }).servers.map(({ name, version, settings }) => ({ name, version, settings })),
      [
        { name: "postgres-17", version: "17", settings: ["a.one", "a.two"] },
        { name: "postgres-15", version: "15", settings: ["legacy.db"] },
        { name: "redis", version: undefined, settings: ["a.optional", "a.conditional"] },
      ],
    );
  });

  it("keep their id through a rename, and their former ones", () => {
    const legacy = planned({ groups: [group] }).resources.find(({ id }) => id === "legacy.db");
    assert.deepEqual([legacy?.setting, legacy?.name, legacy?.formerly], ["a.old", "legacy_db", ["older.db"]]);
  });

  it("that exist already need no server", () => {
    const { servers, resources, variables } = planned({ groups: [group], existing: ["legacy.db"] });
    assert.deepEqual(
      servers.map(({ name }) => name),
      ["postgres-17", "redis"],
    );
    const legacy = resources.find(({ id }) => id === "legacy.db");
    assert.equal(legacy?.existing, true);
    assert.equal(variables.find(({ name }) => name === "OLD")?.source, "provisioned");
  });
});

describe("planned variables", () => {
  it("are required when load() would require them, and missing when nobody has supplied them", () => {
    assert.deepEqual(
      planned({ supplied: { LLM_PROVIDER: "openai" } }).missing.map(({ message }) => message),
      ['LLM_API_KEY required when LLM_PROVIDER is "openai"', "API_KEYS must be configured in production"],
    );
    assert.deepEqual(planned({ environment: "dev" }).missing, []);
    assert.equal(variable("EMBEDDING_API_KEY", { supplied: { LLM_PROVIDER: "openai" } }).state, "missing");
    assert.equal(variable("EMBEDDING_API_KEY").state, "unset");
  });

  it("know the value of a condition as load() will: parsed, by alias, by fallback, by default", () => {
    const group = settings(
      "a",
      {
        provider: setting(
          z
            .string()
            .default("LOCAL")
            .transform((text) => text.toLowerCase()),
          { alias: "KIND", fallback: "base" },
        ),
        base: z.string().optional(),
        key: secret(),
      },
      { requiredWhen: { key: { provider: ["openai"] } } },
    );
    const missing = (supplied: PlanRequest["supplied"]) => planned({ groups: [group], supplied }).missing.map(({ setting }) => setting);
    assert.deepEqual(missing({}), []);
    for (const name of ["PROVIDER", "KIND", "BASE"]) assert.deepEqual(missing({ [name]: "OpenAI" }), ["a.key"], name);
    assert.deepEqual(missing({ PROVIDER: "other", BASE: "openai" }), []);
    const inverse = settings(
      "a",
      { mode: z.string().default("x").pipe(z.string()), key: secret() },
      { requiredWhen: { key: { mode: "x" } } },
    );
    assert.deepEqual(planned({ groups: [inverse] }).missing.length, 1);
  });

  it("say where a value comes from, and who writes it where", () => {
    assert.deepEqual(variable("UPLOADS_REGION").writer, "deploy");
    assert.deepEqual(variable("DATABASE_URL").writer, "runner");
    const { source, from, entry, writer } = variable("LLM_API_KEY", { supplied: { OPENAI_API_KEY: true } });
    assert.deepEqual([source, from, entry, writer], ["supplied", "OPENAI_API_KEY", "shop/production/shared/supplied", "people"]);
    const inherited = variable("EMBEDDING_API_KEY", { supplied: { OPENAI_API_KEY: true } });
    assert.deepEqual([inherited.source, inherited.from, inherited.entry], ["supplied", "OPENAI_API_KEY", undefined]);
    const plain = variable("LLM_PROVIDER", { supplied: { LLM_PROVIDER: "local" } });
    assert.deepEqual([plain.source, plain.entry, plain.writer], ["supplied", "shop/production/shared", "deploy"]);
  });

  it("of a supplied bucket are ready as far as they were supplied", () => {
    const supplied = {
      UPLOADS_BUCKET: "mine",
      UPLOADS_REGION: "eu",
      UPLOADS_SECRET_ACCESS_KEY: true,
      UPLOADS_ACCESS_KEY_ID: "id",
    } as const;
    assert.deepEqual(
      planned({ supplied })
        .variables.filter(({ setting }) => setting === "shared.uploads")
        .map(({ state }) => state),
      ["ready", "ready", "unset", "ready", "ready"],
    );
  });

  it("fall back to a default, their own first", () => {
    const group = settings("a", {
      base: z.string().default("b"),
      level: setting(z.string(), { fallback: "base" }),
      own: setting(z.string().default("o"), { fallback: "base" }),
      strict: setting(z.string().default("s"), { requiredIn: ["production"] }),
    });
    assert.deepEqual(
      planned({ groups: [group] }).variables.map(({ source, state, from }) => [source, state, from]),
      [
        ["default", "ready", undefined],
        ["default", "ready", "BASE"],
        ["default", "ready", undefined],
        ["supplied", "missing", undefined],
      ],
    );
  });

  it("carry the description of their setting", () => {
    const group = settings("a", {
      port: z.number().describe("where it listens").default(80),
      token: secret({ description: "of the shop" }),
    });
    assert.deepEqual(
      planned({ groups: [group] }).variables.map(({ description }) => description),
      ["where it listens", "of the shop"],
    );
  });
});

describe("planned grants", () => {
  const web = settings.extend(shared, "web", { sessionSecret: secret() });
  const batch = settings("batch", { queueUrl: redisUrl() });

  it("give a consumer the groups it names, and nothing else", () => {
    const { grants, problems } = planned({
      groups: [shared, web, batch],
      consumers: { web: [web], worker: [batch] },
      supplied: { SESSION_SECRET: true, API_KEYS: true },
    });
    assert.deepEqual(problems, []);
    assert.deepEqual(grants[1], {
      consumer: "worker",
      groups: ["batch"],
      entries: ["shop/production/batch/QUEUE_URL"],
      variables: ["QUEUE_URL"],
    });
    assert.ok(
      grants[0]?.entries.includes("shop/production/shared/DATABASE_URL") && grants[0].entries.includes("shop/production/web/supplied"),
    );
    assert.ok(!grants[0]?.variables.includes("QUEUE_URL"));
  });

  it("are for one consumer of everything unless said otherwise", () => {
    assert.deepEqual(
      planned({ groups: [shared, batch] }).grants.map(({ consumer, groups }) => [consumer, groups]),
      [["app", ["shared", "batch"]]],
    );
  });

  it("refuse a group that the plan does not have, and two values for one variable", () => {
    assert.deepEqual(told(planned({ consumers: { web: [batch] } })), [
      'GROUP_UNKNOWN consumer "web" reads group "batch", which is not part of the plan',
    ]);
    const clash = settings("clash", { other: postgresUrl({ env: "DATABASE_URL" }) });
    assert.deepEqual(told(planned({ groups: [shared, clash] })), [
      'VARIABLE_CLASH consumer "app" would get DATABASE_URL from shared.databaseUrl and from clash.other',
    ]);
    assert.deepEqual(told(planned({ groups: [shared, clash], consumers: { a: [shared], b: [clash] } })), []);
  });
});

describe("one setting object in two groups", () => {
  const url = postgresUrl();
  const key = secret();
  const a = settings("a", { url, key, mode: z.string().default("x") }, { requiredWhen: { key: { mode: "y" } } });
  const b = settings("b", { url, key });

  it("is one resource, owned by the first group, and required when any group requires it", () => {
    const result = planned({ groups: [a, b] });
    assert.deepEqual(
      result.resources.map(({ id }) => id),
      ["a.url"],
    );
    assert.deepEqual(result.problems, []);
    assert.deepEqual(
      result.missing.map(({ setting }) => setting),
      ["a.key"],
    );
    assert.deepEqual(
      planned({ groups: [b, a] }).resources.map(({ id }) => id),
      ["b.url"],
    );
    assert.deepEqual(planned({ groups: [a] }).missing, []);
  });

  it("under two names is two resources", () => {
    assert.equal(planned({ groups: [settings("c", { one: url, two: url })] }).resources.length, 2);
  });
});

describe("a plan's problems", () => {
  const problems = (request: Partial<PlanRequest>) => planned(request).problems.map(({ code, path }) => `${code} ${path}`);

  it("are none for a sound request", () => assert.deepEqual(problems({ supplied: { API_KEYS: true } }), []));

  it("are names that cannot be part of an entry", () => {
    assert.deepEqual(problems({ project: "my/shop" }), ["PROJECT_NAME project"]);
    assert.deepEqual(problems({ environment: { name: "a/b", type: "test" } }), ["ENVIRONMENT_NAME environment"]);
    assert.deepEqual(
      problems({ groups: [settings("web-api", { a: z.string().optional() }), settings("webApi", { b: z.string().optional() })] }),
      ["GROUP_TWICE WEB_API"],
    );
  });

  it("are ids of two settings", () => {
    const other = settings("other", { moved: secret({ formerly: ["shared.apiKeys"] }), again: redisUrl({ id: "x", formerly: ["x"] }) });
    assert.deepEqual(problems({ groups: [shared, other] }), ["ID_TWICE shared.apiKeys"]);
  });

  it("are names that nothing has", () => {
    assert.deepEqual(problems({ supplied: { NOBODY: true }, existing: ["shared.nobody", "shared.apiKeys"] }), [
      "EXISTING_UNKNOWN shared.nobody",
      "EXISTING_UNKNOWN shared.apiKeys",
      "SUPPLIED_UNKNOWN NOBODY",
    ]);
  });

  it("are values that load() would refuse", () => {
    const result = planned({ supplied: { LLM_PROVIDER: "qzjw", UPLOADS_BUCKET: "mine" } });
    assert.deepEqual(told(result), [
      "SUPPLIED_INCOMPLETE UPLOADS_REGION must be supplied too, because UPLOADS_BUCKET is",
      'SUPPLIED_INVALID LLM_PROVIDER must be one of "openai", "local"',
    ]);
  });

  it("are secret values given in clear, which are not shown", () => {
    const result = planned({ supplied: { OPENAI_API_KEY: "qzjw-xkvv" } });
    assert.deepEqual(
      result.problems.map(({ code, path }) => [code, path]),
      [["SUPPLIED_IN_CLEAR", "OPENAI_API_KEY"]],
    );
    assert.doesNotMatch(inspect(result, { depth: null }), /qzjw/);
  });

  it("leave an asynchronous check to load()", () => {
    const group = settings("a", { site: z.string().refine(async () => false) });
    assert.deepEqual(problems({ groups: [group], supplied: { SITE: "x" } }), []);
  });
});

describe("any plan", () => {
  const kind = fc.constantFrom(
    () => postgresUrl(),
    () => redisUrl({ version: "8" }),
    () => bucket(),
    () => secret().optional(),
    () => secret({ requiredIn: ["production"] }),
    () => apiKeys(),
    () => z.number(),
    () => z.string().default("x"),
  );
  const shape = fc
    .dictionary(fc.stringMatching(/^[a-z]{2,8}$/), kind, { minKeys: 1, maxKeys: 8 })
    .filter(
      (given) =>
        ![
          "path",
          "home",
          "user",
          "shell",
          "term",
          "lang",
          "temp",
          "tmpdir",
          "environment",
          "secret",
          "key",
          "token",
          "dsn",
          "ci",
          "tz",
          "pwd",
          "tmp",
        ].some((name) => name in given),
    );
  const request = fc
    .tuple(fc.array(shape, { minLength: 1, maxLength: 4 }), fc.constantFrom("production", "dev", "pr-1"), fc.array(fc.nat(3)))
    .map(([shapes, environment]) => {
      const groups = shapes.map((given, index) =>
        settings(
          `group${index}`,
          Object.fromEntries(Object.entries(given).map(([name, build]) => [`${name}${index}`, build() as z.ZodType])),
        ),
      );
      return { project: "shop", groups, environment };
    });
  const secretText = fc.string({ unit: fc.constantFrom(..."ЖФЩЮ"), minLength: 6, maxLength: 12 });

  it("is the same for the same request, and plain JSON", () => {
    fc.assert(
      fc.property(request, (given) => {
        const first = plan(given);
        assert.deepEqual(plan(given), first);
        assert.deepEqual(JSON.parse(JSON.stringify(first)), first);
      }),
    );
  });

  it("holds nothing of what was supplied", () => {
    fc.assert(
      fc.property(request, secretText, (given, text) => {
        const names = given.groups.flatMap(({ definitions }) => definitions.flatMap(({ variables }) => variables.map(({ name }) => name)));
        const result = plan({ ...given, supplied: Object.fromEntries(names.map((name) => [name, text])) });
        assert.ok(!inspect(result, { depth: null }).includes(text));
      }),
    );
  });

  it("has the same content in whatever order groups that share nothing are given", () => {
    fc.assert(
      fc.property(request, (given) => {
        const there = plan(given);
        const back = plan({ ...given, groups: given.groups.toReversed() });
        const byText = (list: readonly unknown[]) => list.map((item) => JSON.stringify(item)).toSorted();
        assert.deepEqual(byText(back.variables), byText(there.variables));
        assert.deepEqual(byText(back.resources), byText(there.resources));
        assert.deepEqual(byText(back.missing), byText(there.missing));
        assert.deepEqual(back.grants[0]?.entries.toSorted(), there.grants[0]?.entries.toSorted());
      }),
    );
  });

  it("names every variable once, and no entry in two ways", () => {
    fc.assert(
      fc.property(request, (given) => {
        const { variables } = plan(given);
        assert.equal(new Set(variables.map(({ name }) => name)).size, variables.length);
        const writers = new Map(variables.flatMap(({ entry, writer }) => (entry ? [[entry, writer] as const] : [])));
        for (const { entry, writer } of variables) if (entry) assert.equal(writers.get(entry), writer);
      }),
    );
  });

  it("is made of ten thousand settings", () => {
    const groups = Array.from({ length: 100 }, (_group, g) =>
      settings(
        `g${g}`,
        Object.fromEntries(
          Array.from({ length: 100 }, (_setting, s) => [`url${g}x${s}`, s % 2 === 0 ? postgresUrl() : z.number().default(1)]),
        ),
      ),
    );
    const { variables, resources, problems } = plan({ project: "shop", groups, environment: "production" });
    assert.deepEqual([variables.length, resources.length, problems.length], [10_000, 5_000, 0]);
  });
});
