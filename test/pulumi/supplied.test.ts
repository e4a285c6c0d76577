import assert from "node:assert/strict";
import { z } from "zod";
import { bucket, postgresUrl, secret, setting, settings } from "../../lib/index";
import { SettingsGroup } from "../../lib/pulumi/index";
import { errorOf } from "../support/errors";
import { cloud } from "./cloud";
import { seen } from "../support/outputs";
import { deployed, here, reasons, refused, valueOf } from "./harness";

const shop = settings(
  "shop",
  {
    databaseUrl: postgresUrl(),
    uploads: bucket().optional(),
    llm: z.enum(["openai", "local"]).default("local"),
    llmToken: secret({ alias: "OPENAI_API_KEY" }),
    mailToken: secret({ fallback: "llmToken" }),
    siteName: z.string(),
    limit: setting(z.number().int().optional(), { alias: "MAX_ITEMS" }),
  },
  { requiredWhen: { llmToken: { llm: "openai" } } },
);
const group = () => new SettingsGroup("shop", { group: shop, target: here });
const values = async (options: Parameters<typeof deployed>[1]) => {
  const { made, engine } = await deployed(group, options);
  return { made, values: engine.find("endow-local:index:Values", "shop").inputs["values"] as Record<string, string> };
};

describe("values in the stack's configuration", () => {
  it("are delivered under the setting's own name, and under the alias that holds them", async () => {
    const found = await values({
      config: { SITE_NAME: "Shop", MAX_ITEMS: "20", LLM: "openai" },
      secrets: { OPENAI_API_KEY: "sk-of-the-stack", DATABASE_URL: "postgresql://u:of-the-team@db:5432/d" },
    });
    assert.deepEqual(Object.fromEntries(Object.entries(found.values).filter(([name]) => !name.startsWith("UPLOADS_"))), {
      DATABASE_URL: "postgresql://u:of-the-team@db:5432/d",
      LIMIT: "20",
      LLM: "openai",
      LLM_TOKEN: "sk-of-the-stack",
      MAIL_TOKEN: "sk-of-the-stack",
      MAX_ITEMS: "20",
      OPENAI_API_KEY: "sk-of-the-stack",
      SITE_NAME: "Shop",
    });
  });

  it("are delivered under both the setting's own name and its alias where both are set, since load() prefers the first", async () => {
    const secrets = { LLM_TOKEN: "token-by-its-name", OPENAI_API_KEY: "token-by-its-alias" };
    const { LLM_TOKEN, OPENAI_API_KEY } = (await values({ config: { SITE_NAME: "Shop" }, secrets })).values;
    assert.deepEqual({ LLM_TOKEN, OPENAI_API_KEY }, secrets);
  });

  it("replace a resource, whose outputs then no longer exist", async () => {
    const { made, engine } = await deployed(group, {
      config: { SITE_NAME: "Shop" },
      secrets: { DATABASE_URL: "postgresql://u:of-the-team@db:5432/d" },
    });
    assert.ok(!engine.resources.some(({ name }) => name === "shop.databaseUrl" || name === "postgres"));
    const { code, message } = errorOf(() => made.outputs.databaseUrl);
    assert.equal(code, "NO_RESOURCE");
    assert.match(
      message,
      /^"databaseUrl" has no resource in this stack, because DATABASE_URL is set in the stack's configuration\n {2}fix: use `delivery`/,
    );
  });

  it("count as absent where they are empty, and a value of several variables may lack optional ones", async () => {
    const config = { SITE_NAME: "Shop", MAX_ITEMS: "", UPLOADS_BUCKET: "team-uploads", UPLOADS_REGION: "eu-west-1" };
    const { DATABASE_URL, ...others } = (await values({ config })).values;
    assert.ok(DATABASE_URL);
    assert.deepEqual(others, { LLM: "local", SITE_NAME: "Shop", UPLOADS_BUCKET: "team-uploads", UPLOADS_REGION: "eu-west-1" });
  });

  it("stay secret where the stack encrypts them, even if they need not be", async () => {
    const site = settings("site", { siteName: z.string() });
    const env = async (options: Parameters<typeof deployed>[1]) => {
      const { made } = await deployed(() => new SettingsGroup("site", { group: site, target: here }), options);
      return { secret: (await seen(made.env)).isSecret, name: (await valueOf(made.env))["SITE_NAME"] };
    };
    assert.deepEqual(await env({ config: { SITE_NAME: "Shop" } }), { secret: false, name: "Shop" });
    assert.deepEqual(await env({ secrets: { SITE_NAME: "Secret shop" } }), { secret: true, name: "Secret shop" });
  });

  it("are requested in one list, each with the command that supplies it", async () => {
    const told = reasons(await refused(group, { config: { LLM: "openai" } }));
    assert.deepEqual(told, [
      'shop.llmToken: LLM_TOKEN is required when LLM is "openai" (SETTING_MISSING); fix: pulumi config set --secret LLM_TOKEN',
      "shop.siteName: SITE_NAME must be configured (SETTING_MISSING); fix: pulumi config set SITE_NAME",
    ]);
  });

  it("are rejected in plaintext when they are secret", async () => {
    const config = { SITE_NAME: "Shop", OPENAI_API_KEY: "sk-in-clear-text" };
    const error = await refused(group, { config }, ["sk-in-clear-text"]);
    assert.deepEqual(reasons(error), [
      "OPENAI_API_KEY: OPENAI_API_KEY is secret, but is stored in plaintext in the stack's configuration (SUPPLIED_IN_CLEAR); " +
        "fix: treat it as leaked: rotate it, then run `pulumi config set --secret OPENAI_API_KEY`",
    ]);
  });

  it("are rejected when load() would reject them, with its message and only once", async () => {
    const secrets = { DATABASE_URL: "mysql://u:some-password@h/d" };
    const told = reasons(await refused(group, { config: { SITE_NAME: "Shop", LIMIT: "many" }, secrets }, ["some-password", "many"]));
    assert.equal(told.length, 2, told.join("\n"));
    assert.ok(
      told.some((reason) => reason.startsWith("LIMIT: LIMIT must be a number")),
      told.join("\n"),
    );
    assert.ok(
      told.some((reason) => reason.startsWith("DATABASE_URL: DATABASE_URL is a mysql:// URL, but this setting is PostgreSQL")),
      told.join("\n"),
    );
  });

  it("are rejected when they are incomplete", async () => {
    const config = { SITE_NAME: "Shop", UPLOADS_BUCKET: "team-uploads" };
    assert.match(
      reasons(await refused(group, { config })).join("\n"),
      /^UPLOADS_REGION: UPLOADS_REGION must be supplied too, because UPLOADS_BUCKET is \(SUPPLIED_INCOMPLETE\)/,
    );
  });

  it("are rejected in production when they are weak, placeholders, or a secret used twice", async () => {
    const weak = settings("weak", {
      llmToken: secret({ alias: "OPENAI_API_KEY" }),
      mailToken: secret(),
      signing: secret(),
      other: secret(),
    });
    const secrets = { OPENAI_API_KEY: "changeme", MAIL_TOKEN: "7xQ2vZ9", SIGNING: "Jw8-vQ2mZx94LrT7", OTHER: "Jw8-vQ2mZx94LrT7" };
    const program = () => new SettingsGroup("weak", { group: weak, target: cloud() });
    const told = reasons(await refused(program, { stack: "production", secrets }));
    assert.deepEqual(
      told.map((reason) => reason.slice(0, reason.indexOf(";"))),
      [
        "OPENAI_API_KEY: OPENAI_API_KEY looks like a placeholder or is easy to guess, which production refuses (SETTING_WEAK)",
        "MAIL_TOKEN: MAIL_TOKEN is shorter than 8 characters, which production refuses (SETTING_WEAK)",
        "OTHER: SIGNING and OTHER hold the same secret, which production refuses (SETTING_REUSED)",
      ],
    );
    await deployed(program, { stack: "staging", secrets });
  });
});
