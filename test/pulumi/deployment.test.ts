import assert from "node:assert/strict";
import { InputPropertiesError } from "@pulumi/pulumi/errors";
import { postgresUrl, redisUrl, secret, settings } from "../../lib/index";
import { Project, SettingsGroup, unsupported, type Target } from "../../lib/pulumi/index";
import { shared } from "../plan/shop";
import { cells, cloud } from "./cloud";
import { here, reasons, refused } from "./harness";

const shop = settings("shop", { databaseUrl: postgresUrl(), cacheUrl: redisUrl() });
const group = (args: object = {}) => new SettingsGroup("shop", { group: shop, target: here, ...args });

describe("what cannot be deployed", () => {
  it("is one error that names all of it, at the line that asked, before anything is registered", async () => {
    const cacheUrl = redisUrl();
    const other = settings("other", { cacheUrl });
    const { refuses: _, ...anywhere } = here();
    const error = await refused(
      () =>
        new Project("shop", {
          groups: [shared, other],
          target: anywhere,
          children: { shared: { resourceOptions: { uplods: {} } }, sharde: {} },
          apps: { web: { type: "endow.app", command: [], reads: [shared, other], port: 0 } },
        }),
      { stack: "production", config: { LLM_PROVIDER: "openai", OPENAI_API_KEY: "in-clear-for-all" } },
      ["in-clear-for-all"],
    );
    assert.ok(InputPropertiesError.isInstance(error));
    assert.deepEqual(error.errors.map(({ propertyPath, reason }) => `${propertyPath} ${/\((\w+)\);/.exec(reason)?.[1]}`).toSorted(), [
      "OPENAI_API_KEY SUPPLIED_IN_CLEAR",
      "apps.web.command APP_INVALID",
      "apps.web.port APP_INVALID",
      "children.sharde GROUP_UNKNOWN",
      "children.shared.resourceOptions.uplods SETTING_UNKNOWN",
      "shared.apiKeys SETTING_MISSING",
    ]);
    assert.match(error.message, /^shop cannot be deployed:\n {2}- /);
    for (const { reason } of error.errors) assert.match(reason, /; fix: ./);
    assert.match(error.stack?.split("\n    at ")[1] ?? "", /deployment\.test\./);
  });

  it("is a stack whose name says nothing of its type, with the mapping to write", async () => {
    assert.deepEqual(reasons(await refused(group, { stack: "anna" })), [
      'environment: "anna" is not an environment: allowed are production (prod), test (staging, ci), development (dev), ' +
        "preview-<name> and pr-<number> (ENVIRONMENT_UNKNOWN); " +
        'fix: rename it, or say what it is for: { name: "anna", type: "test" }',
    ]);
  });

  it("is anything but development on this machine, whatever else would be wrong", async () => {
    for (const stack of ["production", "staging", "pr-7"])
      assert.match(
        reasons(await refused(group, { stack })).join("\n"),
        /^target: "[\w-]+" is an? \w+ environment, and only development ones run on this machine \(ENVIRONMENT_NOT_LOCAL\); fix: give another target.*$/,
      );
    const incomplete = settings("incomplete", { token: secret() });
    assert.equal(reasons(await refused(() => group({ settings: incomplete }), { stack: "production" })).length, 1);
    assert.match(reasons(await refused(() => group({ settings: incomplete }))).join("\n"), /SETTING_MISSING/);
  });

  it("is an environment that the program gives no target for", async () => {
    assert.deepEqual(reasons(await refused(() => group({ target: () => undefined }))), [
      'target: there is no target for "development", a development environment (TARGET_INVALID); ' +
        "fix: give local(), or a function that gives a target for every environment that is deployed",
    ]);
  });

  it("is what is no group, wherever groups belong", async () => {
    for (const program of [
      () => group({ settings: { databaseUrl: postgresUrl() } }),
      () => group({ settings: undefined }),
      () => new Project("shop", { groups: [], target: here }),
      () => new Project("shop", { groups: shop as never, target: here }),
      () => new Project("shop", { groups: [shop, {} as never], target: here }),
    ])
      assert.match(
        reasons(await refused(program)).join("\n"),
        /^settings: settings .* \(SETTINGS_INVALID\); fix: give what settings\("name"/,
      );
  });

  it("is what is said of settings and groups that there are none of", async () => {
    assert.deepEqual(reasons(await refused(() => group({ resourceOptions: { databseUrl: {} } }))), [
      'resourceOptions.databseUrl: "databseUrl" is no setting of the group (SETTING_UNKNOWN); fix: use one of databaseUrl, cacheUrl',
    ]);
    const project = () => new Project("shop", { groups: [shop], target: here, children: { shp: {} } });
    assert.deepEqual(reasons(await refused(project)), [
      'children.shp: "shp" is no group of the project (GROUP_UNKNOWN); fix: use one of shop',
    ]);
  });

  it("is two settings of one id, and two groups of one name", async () => {
    const one = settings("one", { aUrl: redisUrl({ id: "app.cache" }) });
    const two = settings("two", { bUrl: redisUrl({ id: "app.cache" }) });
    const ids = () => new Project("shop", { groups: [one, two], target: here });
    assert.match(reasons(await refused(ids)).join("\n"), /^app.cache: two settings have the id "app.cache", now or formerly \(ID_TWICE\)/);
    const again = settings("one", { cUrl: redisUrl() });
    const named = () => new Project("shop", { groups: [one, again], target: here });
    assert.match(reasons(await refused(named)).join("\n"), /\(GROUP_TWICE\)/);
  });

  it("is a name that cannot be part of what is made", async () => {
    assert.match(reasons(await refused(() => group({ project: "my shop" }))).join("\n"), /^project: .*"my shop" .* \(PROJECT_NAME\)/);
    const environment = { name: "a/b", type: "development" };
    assert.match(reasons(await refused(() => group({ environment }))).join("\n"), /^environment: .*"a\/b" .* \(ENVIRONMENT_NAME\)/);
  });

  it("is what the target does not offer, or finds wrong itself", async () => {
    const lacking: Target = cloud({ cells: { ...cells, redis: unsupported("cloud has no Redis", "take another target") } });
    assert.deepEqual(reasons(await refused(() => group({ target: lacking }))), [
      "shop.cacheUrl: cloud has no Redis (UNSUPPORTED_ON_TARGET); fix: take another target",
    ]);
    const quota = { code: "QUOTA", path: "target", message: "the account is full", fix: "ask for more" };
    const full = cloud({ check: ({ servers }) => (servers.length > 1 ? [quota] : []) });
    assert.deepEqual(reasons(await refused(() => group({ target: full }))), ["target: the account is full (QUOTA); fix: ask for more"]);
  });
});
