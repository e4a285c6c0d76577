import assert from "node:assert/strict";
import { redisUrl, settings } from "../../lib/index";
import { app, existing, local, Project, SettingsGroup } from "../../lib/pulumi/index";
import { version } from "../../lib/internal/version";
import { shared } from "../plan/shop";
import { APP_FOLDER, awaited, deployed, here, names, reasons, refusalOf, valueOf } from "./harness";

const group = () => new SettingsGroup("settings", { group: shared, target: here });
const environment = { project: "shop", root: APP_FOLDER, name: "development" };

describe("a group of settings in a Pulumi program", () => {
  it("registers its servers, leases and values below itself", async () => {
    const { engine } = await deployed(group);
    const { urn, parent, inputs, outputs } = engine.find("endow:index:SettingsGroup", "settings");
    assert.equal(parent, "");
    assert.deepEqual(inputs, { group: "shared" });
    assert.deepEqual(outputs, {
      environmentName: "development",
      environmentType: "development",
      target: "local",
    });
    const others = engine.resources.filter((resource) => resource.urn !== urn);
    assert.equal(others.length, 8);
    for (const other of others) assert.equal(other.parent, urn);
  });

  it("passes everything that the provider needs for each server, lease and store", async () => {
    const { engine } = await deployed(group);
    assert.deepEqual(engine.find("endow-local:index:Server", "postgres").inputs, {
      environment,
      name: "postgres",
      kind: "postgres",
      serverId: "postgres",
      version: "17",
      formerly: [],
      forceDestroy: false,
    });
    assert.deepEqual(engine.find("endow-local:index:Lease", "shared.databaseUrl").inputs, {
      environment,
      server: { name: "postgres", kind: "postgres", serverId: "postgres", version: "17", formerly: [] },
      setting: "shared.databaseUrl",
      formerly: [],
      name: "shared_database_url",
      options: { version: "17", scheme: "postgresql", extensions: [], createDatabases: true },
      forceDestroy: false,
    });
    const { environment: where, group: of, values } = engine.find("endow-local:index:Values", "shared").inputs;
    assert.deepEqual([where, of], [environment, "shared"]);
    assert.deepEqual(Object.keys(values as object).toSorted(), [
      "DATABASE_URL",
      "LLM_PROVIDER",
      "REDIS_URL",
      "UPLOADS_ACCESS_KEY_ID",
      "UPLOADS_BUCKET",
      "UPLOADS_ENDPOINT",
      "UPLOADS_REGION",
      "UPLOADS_SECRET_ACCESS_KEY",
    ]);
  });

  it("requests the provider of its own version, and protects nothing in development", async () => {
    const { engine } = await deployed(group);
    for (const resource of engine.resources.filter(({ type }) => type.startsWith("endow-local:"))) {
      assert.equal(resource.version, version(), resource.name);
      assert.equal(resource.protect, undefined, resource.name);
    }
  });

  it("creates a lease after its server, and nothing before the stack's guard", async () => {
    const { engine } = await deployed(group);
    assert.deepEqual(awaited(engine.find("endow-local:index:Server", "postgres")), ["pulumi:index:Stash settings"]);
    assert.deepEqual(awaited(engine.find("endow-local:index:Lease", "shared.databaseUrl")), [
      "endow-local:index:Server postgres",
      "pulumi:index:Stash settings",
    ]);
  });

  it("provides a process's variables, and each resource's fields", async () => {
    const { made } = await deployed(group);
    const { ENDOW_SHARED, ENDOW_ENVIRONMENT, DATABASE_URL = "", UPLOADS_BUCKET } = await valueOf(made.env);
    assert.equal(ENDOW_SHARED, "file:///var/lib/endow/mocked/development/values/shared.json");
    assert.equal(ENDOW_ENVIRONMENT, "development");
    assert.equal(UPLOADS_BUCKET, "shared-uploads-bucket");
    const { host, port, database, username, password, tls } = made.outputs.databaseUrl;
    assert.equal(
      DATABASE_URL,
      `postgresql://${await valueOf(username)}:${await valueOf(password)}@${await valueOf(host)}:${await valueOf(port)}/${await valueOf(database)}`,
    );
    assert.deepEqual(await valueOf(tls), { mode: "off" });
    assert.deepEqual(made.grant("web", { process: "web" }), []);
  });

  it("has outputs only for settings with a resource, and undefined for those that this environment lacks", async () => {
    const cache = settings("cache", { cacheUrl: redisUrl({ requiredIn: ["production"] }), ownUrl: redisUrl() });
    const { made } = await deployed(() => new SettingsGroup("cache", { group: cache, target: here }));
    assert.equal(made.outputs.cacheUrl, undefined);
    assert.deepEqual(Object.keys(made.outputs), ["ownUrl"]);
    assert.deepEqual(Object.keys((await deployed(group)).made.outputs), ["databaseUrl", "redisUrl", "uploads"]);
  });

  it("is in an environment that the program names, where the stack's name does not imply one", async () => {
    const { made } = await deployed(
      () =>
        new SettingsGroup("settings", {
          group: shared,
          target: here,
          environment: { name: "anna", type: "development" },
          prefix: "store",
        }),
      { stack: "anna" },
    );
    assert.equal(made.environmentName, "anna");
    assert.equal((await valueOf(made.env))["ENDOW_ENVIRONMENT"], "development");
  });

  it("is rejected beside another one of the same group, which is unaffected", async () => {
    const { engine } = await deployed(() => {
      group();
      const error = refusalOf(() => new SettingsGroup("again", { group: shared, target: here }));
      assert.match(
        reasons(error).join("\n"),
        /^group: another component of this stack already deploys the group "shared" \(GROUP_TWICE\); fix: /,
      );
      const inProject = () =>
        new Project("shop", { groups: [shared], target: here, apps: { web: app({ command: ["x"], reads: [shared] }) } });
      assert.match(reasons(refusalOf(inProject)).join("\n"), /\(GROUP_TWICE\)/);
    });
    assert.equal(names(engine).length, 9);
  });

  it("is rejected beside a component of another project or environment", async () => {
    await deployed(() => {
      group();
      const other = settings("other", { url: redisUrl() });
      const error = refusalOf(() => new SettingsGroup("other", { group: other, target: here, prefix: "store" }));
      assert.match(
        reasons(error).join("\n"),
        /^prefix: this component is for project "store", environment "development", but another .* is for project "shop", environment "development" \(PROJECT_DIFFERS\)/,
      );
    });
  });

  it("is rejected beside a component whose servers are in another place", async () => {
    await deployed(() => {
      group();
      const other = settings("other", { url: redisUrl() });
      const error = refusalOf(() => new SettingsGroup("other", { group: other, target: () => local({ root: __dirname }) }));
      assert.match(
        reasons(error).join("\n"),
        /^target: this component is for local at .*, but another component of the stack is for local at .* \(TARGET_DIFFERS\)/,
      );
    });
  });

  it("can be deployed after a first attempt was rejected", async () => {
    const url = existing({ host: "cache", port: 6379, database: 0, username: "u", password: "p", tls: { mode: "off" } });
    await deployed(() => {
      refusalOf(() => new SettingsGroup("settings", { group: shared, target: here, existing: { nothing: url } as never }));
      group();
    });
  });
});
