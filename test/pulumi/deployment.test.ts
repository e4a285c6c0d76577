import assert from "node:assert/strict";
import { InputPropertiesError } from "@pulumi/pulumi/errors";
import { postgresUrl, redisUrl, secret, settings } from "../../lib/index";
import { existing, Project, SettingsGroup, unsupported } from "../../lib/pulumi/index";
import { shared } from "../plan/shop";
import { cloud } from "./cloud";
import { deployed, here, reasons, refused } from "./harness";

const shop = settings("shop", { databaseUrl: postgresUrl(), cacheUrl: redisUrl() });
const group = (args: object = {}) => new SettingsGroup("shop", { group: shop, target: here, ...args });

describe("a deployment that is refused", () => {
  it("is one error with every problem, at the program's own line, before anything is registered", async () => {
    const cacheUrl = redisUrl();
    const other = settings("other", { cacheUrl });
    const { refuses: _, ...anywhere } = here();
    const error = await refused(
      () =>
        new Project("shop", {
          groups: [shared, other],
          target: anywhere,
          options: { shared: { settings: { uplods: {} } }, sharde: {} },
          apps: { web: { type: "endow.app", command: [], reads: [shared, other], port: 0 } },
        }),
      { stack: "production", config: { LLM_PROVIDER: "openai", OPENAI_API_KEY: "sk-7Qz2mVx94LrT" } },
      ["sk-7Qz2mVx94LrT"],
    );
    assert.ok(InputPropertiesError.isInstance(error));
    assert.deepEqual(error.errors.map(({ propertyPath, reason }) => `${propertyPath} ${/\((\w+)\);/.exec(reason)?.[1]}`).toSorted(), [
      "OPENAI_API_KEY SUPPLIED_IN_CLEAR",
      "apps.web.command APP_INVALID",
      "apps.web.port APP_INVALID",
      "options.sharde GROUP_UNKNOWN",
      "options.shared.settings.uplods SETTING_UNKNOWN",
      "shared.apiKeys SETTING_MISSING",
    ]);
    assert.match(error.message, /^shop cannot be deployed:\n {2}- /);
    for (const { reason } of error.errors) assert.match(reason, /; fix: ./);
    assert.match(error.stack?.split("\n    at ")[1] ?? "", /deployment\.test\./);
  });

  it("has a stack name that does not imply a type, and shows how to state it", async () => {
    assert.deepEqual(reasons(await refused(group, { stack: "anna" })), [
      'environment: "anna" is not a valid environment: allowed are production (prod), test (staging, ci), development (dev), ' +
        "preview-<name> and pr-<number> (ENVIRONMENT_UNKNOWN); " +
        'fix: rename it, or state its type: { name: "anna", type: "test" }',
    ]);
  });

  it("is not a development environment on this machine, which is reported alone", async () => {
    for (const stack of ["production", "staging", "pr-7"])
      assert.match(
        reasons(await refused(group, { stack })).join("\n"),
        /^target: "[\w-]+" is an? \w+ environment, but only development environments run on this machine \(ENVIRONMENT_NOT_LOCAL\); fix: use another target.*$/,
      );
    const incomplete = settings("incomplete", { token: secret() });
    assert.equal(reasons(await refused(() => group({ group: incomplete }), { stack: "production" })).length, 1);
    assert.match(reasons(await refused(() => group({ group: incomplete }))).join("\n"), /SETTING_MISSING/);
  });

  it("has no target for its environment", async () => {
    assert.deepEqual(reasons(await refused(() => group({ target: () => undefined }))), [
      'target: there is no target for "development", a development environment (TARGET_INVALID); ' +
        "fix: pass local(), or a function that returns a target for every environment that you deploy",
    ]);
  });

  it("has something else where a group belongs", async () => {
    for (const program of [() => group({ group: { databaseUrl: postgresUrl() } }), () => group({ group: undefined })])
      assert.deepEqual(reasons(await refused(program)), [
        'group: `group` must be a group made by settings() (SETTINGS_INVALID); fix: pass a group made by settings("name", { ... })',
      ]);
    for (const program of [
      () => new Project("shop", { groups: [], target: here }),
      () => new Project("shop", { groups: shop as never, target: here }),
      () => new Project("shop", { groups: [shop, {} as never], target: here }),
    ])
      assert.deepEqual(reasons(await refused(program)), [
        'groups: `groups` must be an array of groups (SETTINGS_INVALID); fix: pass an array of groups made by settings("name", { ... })',
      ]);
  });

  it("has options for an unknown setting or an unknown group", async () => {
    assert.deepEqual(reasons(await refused(() => group({ options: { settings: { databseUrl: {} } } }))), [
      'options.settings.databseUrl: "databseUrl" is not a setting of the group (SETTING_UNKNOWN); fix: use one of databaseUrl, cacheUrl',
    ]);
    const project = () => new Project("shop", { groups: [shop], target: here, options: { shp: {} } });
    assert.deepEqual(reasons(await refused(project)), [
      'options.shp: "shp" is not a group of the project (GROUP_UNKNOWN); fix: use one of shop',
    ]);
  });

  it("has two settings with the same id, or two groups with the same name", async () => {
    const one = settings("one", { aUrl: redisUrl({ id: "app.cache" }) });
    const two = settings("two", { bUrl: redisUrl({ id: "app.cache" }) });
    const ids = () => new Project("shop", { groups: [one, two], target: here });
    assert.match(reasons(await refused(ids)).join("\n"), /^app.cache: two settings have the id "app.cache", now or formerly \(ID_TWICE\)/);
    const again = settings("one", { cUrl: redisUrl() });
    const named = () => new Project("shop", { groups: [one, again], target: here });
    assert.match(reasons(await refused(named)).join("\n"), /\(GROUP_TWICE\)/);
  });

  it("has a name that cannot be part of resource names", async () => {
    assert.match(reasons(await refused(() => group({ prefix: "my shop" }))).join("\n"), /^project: .*"my shop" .* \(PROJECT_NAME\)/);
    const environment = { name: "a/b", type: "development" };
    assert.match(reasons(await refused(() => group({ environment }))).join("\n"), /^environment: .*"a\/b" .* \(ENVIRONMENT_NAME\)/);
  });

  const { facts, cells } = cloud();
  const { postgres = assert.fail("a cell"), redis = assert.fail("a cell") } = cells;
  const { redis: _facts, ...kinds } = facts.kinds;
  const { redis: _cell, ...others } = cells;
  const serverless = { ...redis };
  Reflect.deleteProperty(serverless, "server");
  const notOffered =
    'shop.cacheUrl: the target cloud does not support redis, which "shop.cacheUrl" needs; it supports postgres, bucket (UNSUPPORTED_ON_TARGET); ' +
    "fix: pass the resource with existing({ ... }), supply its value, or choose another target";
  const lacking: Readonly<Record<string, readonly [changes: Parameters<typeof cloud>[0], reason: string]>> = {
    "that has no cell for it": [{ cells: others }, notOffered],
    "that does not name it": [{ facts: { ...facts, kinds } }, notOffered],
    "that makes no server for it, and says that it does": [{ cells: { ...cells, redis: serverless } }, notOffered],
    "that says why": [
      { cells: { ...cells, redis: unsupported("cloud has no Redis", "take another target") } },
      "shop.cacheUrl: cloud has no Redis (UNSUPPORTED_ON_TARGET); fix: take another target",
    ],
  };
  for (const [what, [changes, reason]] of Object.entries(lacking))
    it(`needs a kind that is not supported by a target ${what}`, async () => {
      assert.deepEqual(reasons(await refused(() => group({ target: cloud(changes) }), { stack: "staging" })), [reason]);
      const url = existing({ host: "cache", port: 6379, database: 0, username: "u", password: "p", tls: { mode: "off" } });
      await deployed(() => group({ target: cloud(changes), existing: { cacheUrl: url } }), { stack: "staging" });
    });

  it("fails a check of the target, its store or a cell", async () => {
    const quota = { code: "QUOTA", path: "target", message: "the account is full", fix: "ask for more" };
    const told = ["target: the account is full (QUOTA); fix: ask for more"];
    const { store } = cloud();
    for (const changes of [
      { check: ({ servers }) => (servers.length > 1 ? [quota] : []) },
      { store: { ...store, check: ({ variables }) => (variables.length > 1 ? [quota] : []) } },
      { cells: { ...cells, postgres: { ...postgres, check: ({ name }) => (name === "shop_database_url" ? [quota] : []) } } },
    ] satisfies Parameters<typeof cloud>[0][])
      assert.deepEqual(reasons(await refused(() => group({ target: cloud(changes) }), { stack: "staging" })), told);
  });
});
