import assert from "node:assert/strict";
import { z } from "zod";
import { apiKeys, bucket, load, loadSync, postgresUrl, redisUrl, secret, setting, settings, SettingsError } from "../../lib/index";
import { errorOf, everythingIn, rejectionOf, told } from "../support/errors";

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
const env = {
  DATABASE_URL: "postgresql://app:pass-w0rd-x@db/shop",
  REDIS_URL: "redis://cache",
  UPLOADS_BUCKET: "shop-uploads",
  UPLOADS_REGION: "eu-west-1",
};

describe("load", () => {
  it("gives every setting its value, typed and frozen", async () => {
    const config = await load(shared, { env: { ...env, API_KEYS: "k:web" } });
    assert.equal(config.databaseUrl.host, "db");
    assert.equal(config.redisUrl.port, 6379);
    assert.equal(config.uploads.name, "shop-uploads");
    assert.equal(config.llmProvider, "local");
    assert.equal(config.llmApiKey, undefined);
    assert.equal(config.embeddingApiKey, undefined);
    assert.equal(config.apiKeys?.match("k"), "web");
    assert.ok(Object.isFrozen(config));
  });

  it("reads process.env unless given something else", () => {
    const group = settings("other", { testOfLoad: z.string() });
    process.env["TEST_OF_LOAD"] = "here";
    try {
      assert.equal(loadSync(group).testOfLoad, "here");
      assert.throws(() => loadSync(group, { env: {} }), { code: "SETTINGS_INVALID" });
    } finally {
      delete process.env["TEST_OF_LOAD"];
    }
  });

  it("throws one error that names every problem, each with where to set it", async () => {
    const error = await rejectionOf(load(shared, { env: { LLM_PROVIDER: "openai", REDIS_URL: "redis:" }, environment: "production" }));
    assert.ok(error instanceof SettingsError);
    assert.equal(error.code, "SETTINGS_INVALID");
    assert.match(error.message, /^Production configuration errors:\n/);
    assert.deepEqual(
      told(error).filter((text) => text.startsWith("SETTING_MISSING")),
      [
        "SETTING_MISSING DATABASE_URL must be configured",
        "SETTING_MISSING UPLOADS_BUCKET, UPLOADS_REGION must be configured",
        'SETTING_MISSING LLM_API_KEY required when LLM_PROVIDER is "openai"',
        "SETTING_MISSING API_KEYS must be configured in production",
      ],
    );
    assert.equal(error.problems.find(({ path }) => path === "REDIS_URL")?.code, "SETTING_INVALID");
    const fixes = Object.fromEntries(error.problems.map(({ path, fix }) => [path, fix]));
    assert.equal(fixes["LLM_API_KEY"], "set LLM_API_KEY in the environment (or LLM_API_KEY_FILE or OPENAI_API_KEY)");
    assert.equal(fixes["UPLOADS_BUCKET"], "set UPLOADS_BUCKET, UPLOADS_REGION in the environment");
    for (const { message, fix } of error.problems) assert.ok(error.message.includes(`  - ${message}\n      fix: ${fix}`));
  });

  it("heads its error with the environment's type", () => {
    for (const [environment, heading] of [
      ["prod", "Production configuration errors:"],
      ["staging", "Test configuration errors:"],
      ["pr-42", "Preview configuration errors:"],
      ["dev", "Development configuration errors:"],
    ] as const)
      assert.equal(errorOf(() => loadSync(shared, { env: {}, environment })).message.split("\n")[0], heading);
  });

  it("points to `endow dev` in development, for what that provides", () => {
    const error = errorOf(() => loadSync(settings("a", { databaseUrl: postgresUrl(), port: z.number() }), { env: {} }));
    const [database, port] = error.problems.map(({ fix }) => fix);
    assert.match(database ?? "", /`endow dev -- <command>`, which provides it, or set DATABASE_URL/);
    assert.match(port ?? "", /^set PORT in the environment \(or PORT_FILE\), for example in \.env$/);
  });

  it("takes the environment from the variables unless told", () => {
    const production = { ...env, NODE_ENV: "production" };
    assert.match(errorOf(() => loadSync(shared, { env: production })).message, /API_KEYS must be configured in production/);
    loadSync(shared, { env: production, environment: "development" });
    loadSync(shared, { env: production, environment: { name: "anything", type: "test" } });
    assert.equal(errorOf(() => loadSync(shared, { env: { ...env, ENVIRONMENT: "live" } })).code, "ENVIRONMENT_UNKNOWN");
    assert.equal(errorOf(() => loadSync(shared, { env, environment: "live" })).code, "ENVIRONMENT_UNKNOWN");
  });

  it("never quotes a value", async () => {
    const group = settings("wrong", {
      databaseUrl: postgresUrl(),
      redisUrl: redisUrl(),
      uploads: bucket(),
      token: secret(z.string().startsWith("sk-")),
      account: secret(z.object({ id: z.string() })),
      apiKeys: apiKeys(),
      mode: z.enum(["a"]),
      port: z.number(),
      site: z.url(),
    });
    const names = group.definitions.flatMap(({ variables }) => variables.map(({ name }) => name));
    const error = await rejectionOf(load(group, { env: Object.fromEntries(names.map((name) => [name, "qzjwxkvv"])) }));
    assert.doesNotMatch(everythingIn(error), /qzjw|xkvv/);
    assert.equal(error.problems.length, 9);
  });
});

describe("the order of sources", () => {
  const group = settings("shared", {
    main: secret({ alias: ["SECOND", "THIRD"] }).optional(),
    other: secret({ fallback: "main", alias: "OTHER_ALIAS" }).optional(),
    level: setting(z.string(), { fallback: "base" }),
    base: z.string().default("default"),
    own: setting(z.string().default("own default"), { fallback: "base" }),
    far: setting(z.string(), { fallback: "level" }),
  });
  const values = (given: Record<string, string>) => {
    const { main, other, level, own, far } = loadSync(group, { env: given });
    return { main: main?.reveal(), other: other?.reveal(), level, own, far };
  };

  it("is own name, aliases in turn, fallback, default", () => {
    const all = { MAIN: "1", SECOND: "2", THIRD: "3" };
    assert.equal(values(all).main, "1");
    assert.equal(values({ ...all, MAIN: "" }).main, "2");
    assert.equal(values({ THIRD: "3" }).main, "3");
    assert.equal(values(all).other, "1");
    assert.equal(values({ THIRD: "3" }).other, "3");
    assert.equal(values({ ...all, OTHER_ALIAS: "4" }).other, "4");
    assert.equal(values({ ...all, OTHER_ALIAS: "4", OTHER: "5" }).other, "5");
    assert.equal(values({}).other, undefined);
  });

  it("ends with the setting's own default, else that of what it falls back to", () => {
    assert.deepEqual([values({}).level, values({}).own, values({}).far], ["default", "own default", "default"]);
    const given = values({ BASE: "given" });
    assert.deepEqual([given.level, given.own, given.far], ["given", "given", "given"]);
    assert.deepEqual([values({ LEVEL: "up" }).far, values({ LEVEL: "up" }).own], ["up", "own default"]);
  });

  it("never mixes the variables of one value", () => {
    const buckets = settings("shared", { uploads: bucket({ alias: "OLD", fallback: "files" }), files: bucket() });
    const load = (given: Record<string, string>) => loadSync(buckets, { env: given }).uploads.name;
    const files = { FILES_BUCKET: "files", FILES_REGION: "eu" };
    const old = { OLD_BUCKET: "old", OLD_REGION: "eu" };
    assert.equal(load({ ...files, ...old }), "old");
    assert.equal(load(files), "files");
    assert.deepEqual(told(errorOf(() => load({ ...files, ...old, UPLOADS_REGION: "eu" }))), [
      "SETTING_INCOMPLETE UPLOADS_BUCKET must be set too, because UPLOADS_REGION is",
    ]);
    assert.deepEqual(told(errorOf(() => load({ ...files, OLD_BUCKET: "old" }))), [
      "SETTING_INCOMPLETE OLD_REGION must be set too, because OLD_BUCKET is",
    ]);
  });

  it("tells what is wrong with a shared value once, under the name that it has", () => {
    const two = settings("shared", { a: secret(z.string().min(9)), b: secret(z.string().min(9), { fallback: "a" }) });
    assert.deepEqual(told(errorOf(() => loadSync(two, { env: { A: "x" } }))), ["SETTING_INVALID A must have at least 9 characters"]);
    assert.deepEqual(told(errorOf(() => loadSync(two, { env: {} }))), ["SETTING_MISSING A must be configured"]);
  });
});

describe("what must have a value", () => {
  const messages = (group: Parameters<typeof loadSync>[0], given: Record<string, string>, environment = "development") => {
    try {
      loadSync(group, { env: given, environment });
      return [];
    } catch (error) {
      if (error instanceof SettingsError) return error.problems.map(({ message }) => message);
      throw error;
    }
  };

  it("is everything, everywhere, unless said otherwise", () => {
    const group = settings("a", {
      url: postgresUrl(),
      token: secret(),
      text: z.string(),
      optional: secret().optional(),
      nullable: secret().nullable(),
    });
    for (const environment of ["production", "test", "development", "pr-1"]) assert.equal(messages(group, {}, environment).length, 3);
  });

  it("by requiredIn, is so in those environments only", () => {
    const group = settings("a", {
      token: secret({ requiredIn: ["production", "test"] }),
      port: setting(z.number().default(1), { requiredIn: ["production"] }),
    });
    assert.deepEqual(messages(group, {}, "production"), [
      "TOKEN must be configured in production",
      "PORT must be configured in production",
    ]);
    assert.deepEqual(messages(group, {}, "staging"), ["TOKEN must be configured in test"]);
    assert.deepEqual(messages(group, {}, "pr-1"), []);
  });

  it("by requiredWhen, is so when every condition is met by what was loaded", () => {
    const group = settings(
      "a",
      {
        provider: setting(z.string().toLowerCase().default("local"), { fallback: "base", alias: "KIND" }),
        base: z.string().optional(),
        size: z.number().default(1),
        big: z.bigint().default(5n),
        key: secret(),
        other: secret(),
      },
      { requiredWhen: { key: { provider: ["openai", "azure"], size: 1 }, other: { big: 5n } } },
    );
    const key = (given: Record<string, string>) => messages(group, { OTHER: "x", ...given });
    assert.deepEqual(key({}), []);
    assert.deepEqual(key({ PROVIDER: "OpenAI" }), ['KEY required when PROVIDER is "openai" and SIZE is 1']);
    assert.equal(key({ KIND: "azure" }).length, 1);
    assert.equal(key({ BASE: "azure" }).length, 1);
    assert.deepEqual(key({ PROVIDER: "openai", SIZE: "2" }), []);
    assert.deepEqual(key({ PROVIDER: "openai", KEY: "k" }), []);
    assert.deepEqual(messages(group, {}), ["OTHER required when BIG is 5"]);
  });

  it("is not what falls back to something that may be without a value", () => {
    const group = settings(
      "a",
      {
        mode: z.string().default("x"),
        optional: secret().optional(),
        nullable: secret().nullable(),
        when: secret(),
        inProduction: secret({ requiredIn: ["production"] }),
        a: secret({ fallback: "optional" }),
        b: secret({ fallback: "nullable" }),
        c: secret({ fallback: "when" }),
        d: secret({ fallback: "inProduction" }),
        e: secret({ fallback: "d" }),
      },
      { requiredWhen: { when: { mode: "y" } } },
    );
    assert.deepEqual(messages(group, {}), []);
    const config = loadSync(group, { env: {} });
    assert.deepEqual([config.a, config.b, config.c, config.d, config.e], [undefined, undefined, undefined, undefined, undefined]);
    assert.deepEqual(messages(group, { MODE: "y" }), ['WHEN required when MODE is "y"']);
    assert.deepEqual(messages(group, {}, "production"), ["IN_PRODUCTION must be configured in production"]);
    assert.deepEqual(messages(group, { E: "only-e-has-one" }, "production"), ["IN_PRODUCTION must be configured in production"]);
  });
});
