import assert from "node:assert/strict";
import { z } from "zod";
import { loadSync, postgresUrl, secret, setting, settings, SettingsError } from "../../lib";

describe("a required value", () => {
  const messages = (group: Parameters<typeof loadSync>[0], given: Record<string, string>, environment = "development") => {
    try {
      loadSync(group, { env: given, environment });
      return [];
    } catch (error) {
      if (error instanceof SettingsError) return error.problems.map(({ message }) => message);
      throw error;
    }
  };

  it("is the default for every setting in every environment", () => {
    const group = settings("a", {
      url: postgresUrl(),
      token: secret(),
      text: z.string(),
      optional: secret().optional(),
      nullable: secret().nullable(),
    });
    for (const environment of ["production", "test", "development", "pr-1"]) assert.equal(messages(group, {}, environment).length, 3);
  });

  it("by requiredIn, is required in those environments only", () => {
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

  it("by requiredWhen, is required if the loaded values meet every condition", () => {
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
    assert.deepEqual(key({ PROVIDER: "OpenAI" }), ['KEY is required when PROVIDER is "openai" and SIZE is 1']);
    assert.equal(key({ KIND: "azure" }).length, 1);
    assert.equal(key({ BASE: "azure" }).length, 1);
    assert.deepEqual(key({ PROVIDER: "openai", SIZE: "2" }), []);
    assert.deepEqual(key({ PROVIDER: "openai", KEY: "k" }), []);
    assert.deepEqual(messages(group, {}), ["OTHER is required when BIG is 5"]);
  });

  it("is not needed by a setting whose fallback is optional", () => {
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
    assert.deepEqual(messages(group, { MODE: "y" }), ['WHEN is required when MODE is "y"']);
    assert.deepEqual(messages(group, {}, "production"), ["IN_PRODUCTION must be configured in production"]);
    assert.deepEqual(messages(group, { E: "only-e-has-one" }, "production"), ["IN_PRODUCTION must be configured in production"]);
  });
});

describe("a weak value", () => {
  it("is reported under the variable that holds it: an alias, or the password among the parts", () => {
    const group = settings("a", {
      token: secret({ alias: "OLD_TOKEN" }),
      db: postgresUrl({ variables: { url: false, host: "DB_HOST", username: "DB_USER", password: "DB_PASSWORD", database: "DB_NAME" } }),
    });
    const env = { OLD_TOKEN: "changeme", DB_HOST: "db", DB_USER: "app", DB_PASSWORD: "app", DB_NAME: "shop" };
    assert.throws(
      () => loadSync(group, { env, environment: "production" }),
      ({ problems }: SettingsError) => {
        assert.deepEqual(
          problems.map(({ path, message }) => [path, message]),
          [
            ["OLD_TOKEN", "OLD_TOKEN looks like a placeholder or is easy to guess, which production refuses"],
            ["DB_PASSWORD", "DB_PASSWORD has a password that is its user name, which production refuses"],
          ],
        );
        return true;
      },
    );
  });
});
