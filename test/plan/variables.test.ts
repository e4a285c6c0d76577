import assert from "node:assert/strict";
import { z } from "zod";
import { secret, setting, settings, type PlanRequest } from "../../lib/index";
import { offeringAll } from "../../lib/plan/facts";
import { planned, variable } from "./shop";

describe("planned variables", () => {
  it("are required if load() would require them, and missing if not supplied", () => {
    assert.deepEqual(
      planned({ supplied: { LLM_PROVIDER: "openai" } }).missing.map(({ message }) => message),
      ['LLM_API_KEY is required when LLM_PROVIDER is "openai"', "API_KEYS must be configured in production"],
    );
    assert.deepEqual(planned({ environment: "dev" }).missing, []);
    assert.equal(variable("EMBEDDING_API_KEY", { supplied: { LLM_PROVIDER: "openai" } }).state, "missing");
    assert.equal(variable("EMBEDDING_API_KEY").state, "unset");
  });

  it("evaluate conditions like load(): parsed, by alias, by fallback, by default", () => {
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

  it("have the source, writer and entry of a value", () => {
    for (const name of ["UPLOADS_REGION", "DATABASE_URL"]) {
      const { source, entry, writer } = variable(name);
      assert.deepEqual([source, entry, writer], ["provisioned", "shop/production/shared", "deploy"], name);
    }
    const { source, from, entry, writer } = variable("LLM_API_KEY", { supplied: { OPENAI_API_KEY: true } });
    assert.deepEqual([source, from, entry, writer], ["supplied", "OPENAI_API_KEY", "shop/production/shared/supplied", "people"]);
    const inherited = variable("EMBEDDING_API_KEY", { supplied: { OPENAI_API_KEY: true } });
    assert.deepEqual(
      [inherited.source, inherited.from, inherited.provider, inherited.entry],
      ["supplied", "OPENAI_API_KEY", "shared.llmApiKey", "shop/production/shared/supplied"],
    );
    const plain = variable("LLM_PROVIDER", { supplied: { LLM_PROVIDER: "local" } });
    assert.deepEqual([plain.source, plain.entry, plain.writer], ["supplied", "shop/production/shared", "deploy"]);
  });

  const container = "shop/production/shared";
  const supplied: Readonly<Record<string, readonly [request: Partial<PlanRequest>, name: string, entry: string, writer: string]>> = {
    "a secret one that people keep": [{ supplied: { LLM_API_KEY: true } }, "LLM_API_KEY", `${container}/supplied`, "people"],
    "a secret one that the deploy has, from encrypted configuration": [
      { supplied: { LLM_API_KEY: true }, configured: ["LLM_API_KEY"] },
      "LLM_API_KEY",
      container,
      "deploy",
    ],
    "one that the deploy has under an alias": [
      { supplied: { OPENAI_API_KEY: true }, configured: ["OPENAI_API_KEY"] },
      "LLM_API_KEY",
      container,
      "deploy",
    ],
    "a plain one whose text is not told, which people keep": [
      { supplied: { LLM_PROVIDER: true } },
      "LLM_PROVIDER",
      `${container}/supplied`,
      "people",
    ],
    "a plain one whose text is encrypted configuration": [
      { supplied: { LLM_PROVIDER: true }, configured: ["LLM_PROVIDER"] },
      "LLM_PROVIDER",
      container,
      "deploy",
    ],
    "the URL of a database that people have": [{ supplied: { DATABASE_URL: true } }, "DATABASE_URL", `${container}/supplied`, "people"],
  };
  for (const [what, [request, name, ...expected]] of Object.entries(supplied))
    it(`have ${what} in the entry of its only writer, regardless of who creates credentials`, () => {
      const broker = offeringAll("cloud", "vault", () => ({ server: true, findsServer: true, credential: "broker" }));
      for (const target of [undefined, broker]) {
        const { entry, writer } = variable(name, { ...request, ...(target && { target }) });
        assert.deepEqual([entry, writer], expected);
      }
    });

  it("of a supplied bucket are ready if they were supplied", () => {
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

  it("omit fields that only shared servers have, unless supplied", () => {
    const names = (request: Partial<PlanRequest> = {}) =>
      planned(request)
        .variables.filter(({ setting }) => ["shared.uploads", "shared.redisUrl"].includes(setting))
        .map(({ name }) => name);
    assert.deepEqual(
      names().filter((name) => name.endsWith("_PREFIX")),
      [],
    );
    const supplied = { REDIS_URL: true, REDIS_URL_PREFIX: "shop:" } as const;
    assert.deepEqual(
      names({ supplied }).filter((name) => name.startsWith("REDIS")),
      ["REDIS_URL", "REDIS_URL_PREFIX"],
    );
    assert.deepEqual(planned({ supplied: { REDIS_URL: true } }).problems, []);
  });

  it("fall back to a default, preferring their own", () => {
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

  it("have the description of their setting", () => {
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
