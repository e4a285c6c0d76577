import assert from "node:assert/strict";
import { z } from "zod";
import { apiKeys, bucket, load, loadSync, postgresUrl, redisUrl, secret, settings, SettingsError } from "../../lib/index";
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

  it("throws one error that lists every problem, each with where to set the value", async () => {
    const error = await rejectionOf(load(shared, { env: { LLM_PROVIDER: "openai", REDIS_URL: "redis:" }, environment: "production" }));
    assert.ok(error instanceof SettingsError);
    assert.equal(error.code, "SETTINGS_INVALID");
    assert.match(error.message, /^Production configuration errors:\n/);
    assert.deepEqual(
      told(error).filter((text) => text.startsWith("SETTING_MISSING")),
      [
        "SETTING_MISSING DATABASE_URL must be configured",
        "SETTING_MISSING UPLOADS_BUCKET and UPLOADS_REGION must be configured",
        'SETTING_MISSING LLM_API_KEY is required when LLM_PROVIDER is "openai"',
        "SETTING_MISSING API_KEYS must be configured in production",
      ],
    );
    assert.equal(error.problems.find(({ path }) => path === "REDIS_URL")?.code, "SETTING_INVALID");
    const fixes = Object.fromEntries(error.problems.map(({ path, fix }) => [path, fix]));
    assert.equal(fixes["LLM_API_KEY"], "set LLM_API_KEY in the environment (or LLM_API_KEY_FILE or OPENAI_API_KEY)");
    assert.equal(fixes["UPLOADS_BUCKET"], "set UPLOADS_BUCKET and UPLOADS_REGION in the environment");
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

  it("points to `endow dev` in development for values that it provides", () => {
    const error = errorOf(() => loadSync(settings("a", { databaseUrl: postgresUrl(), port: z.number() }), { env: {} }));
    const [database, port] = error.problems.map(({ fix }) => fix);
    assert.match(database ?? "", /`endow dev -- <command>`, which provides it, or set DATABASE_URL/);
    assert.match(port ?? "", /^set PORT in the environment \(or PORT_FILE\), for example in \.env$/);
  });

  it("reads the environment's type from the variables unless it is given", () => {
    const production = { ...env, NODE_ENV: "production" };
    assert.match(errorOf(() => loadSync(shared, { env: production })).message, /API_KEYS must be configured in production/);
    loadSync(shared, { env: production, environment: "development" });
    loadSync(shared, { env: production, environment: { name: "anything", type: "test" } });
    assert.equal(errorOf(() => loadSync(shared, { env: { ...env, ENDOW_ENVIRONMENT: "live" } })).code, "ENVIRONMENT_UNKNOWN");
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
