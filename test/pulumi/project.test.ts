import assert from "node:assert/strict";
import { ComponentResource, Stash } from "@pulumi/pulumi";
import { postgresUrl, redisUrl, secret, settings } from "../../lib/index";
import { leaseName } from "../../lib/names";
import { app, Project } from "../../lib/pulumi/index";
import { errorOf } from "../support/errors";
import { shared } from "../plan/shop";
import { cloud } from "./cloud";
import { awaited, deployed, here, names, valueOf } from "./harness";

const web = app({ command: ["node", "server.js"], port: 3000, health: "/health", reads: [shared] });
const worker = app({ command: ["node", "worker.js"], cwd: "jobs", env: { MODE: "jobs" }, reads: [] });

const shop = () => new Project("shop", { groups: [shared], target: here, apps: { web, worker } });

describe("a project", () => {
  it("registers itself, its groups, their servers, leases and values, and its apps", async () => {
    const { engine } = await deployed(shop);
    assert.deepEqual(names(engine), [
      "endow-local:index:Lease shared.databaseUrl",
      "endow-local:index:Lease shared.redisUrl",
      "endow-local:index:Lease shared.uploads",
      "endow-local:index:Process web",
      "endow-local:index:Process worker",
      "endow-local:index:Server bucket",
      "endow-local:index:Server postgres",
      "endow-local:index:Server redis-shared-redis-url",
      "endow-local:index:Values shared",
      "endow:index:App web",
      "endow:index:App worker",
      "endow:index:Project shop",
      "endow:index:SettingsGroup shared",
      "pulumi:index:Stash shared",
    ]);
  });

  it("is the parent of its groups and apps, which are the parents of their resources", async () => {
    const { engine } = await deployed(shop);
    const { urn } = engine.find("endow:index:Project", "shop");
    const group = engine.find("endow:index:SettingsGroup", "shared");
    const ofWeb = engine.find("endow:index:App", "web");
    assert.deepEqual([group.parent, ofWeb.parent, engine.find("endow-local:index:Process", "web").parent], [urn, urn, ofWeb.urn]);
    const inGroup = engine.resources.filter(({ type }) => /:(Server|Lease|Values|Stash)$/.test(type));
    assert.equal(inGroup.length, 8);
    assert.deepEqual([...new Set(inGroup.map(({ parent }) => parent))], [group.urn]);
  });

  it("adopts a group that the program created standalone before", async () => {
    const { engine } = await deployed(shop);
    assert.deepEqual(engine.find("endow:index:SettingsGroup", "shared").aliases, [{ noParent: true }]);
  });

  it("has its environment, its target and its apps' URLs as outputs, none of them secret", async () => {
    const { made, engine } = await deployed(shop);
    assert.deepEqual(engine.find("endow:index:Project", "shop").outputs, {
      environmentName: "development",
      environmentType: "development",
      target: "local",
      urls: { web: "http://127.0.0.1:3000" },
    });
    assert.deepEqual([made.environmentName, made.environmentType, made.target], ["development", "development", "local"]);
    assert.equal(await valueOf(made.apps.web.url), "http://127.0.0.1:3000");
    assert.equal(await valueOf(made.apps.worker.url), undefined);
  });

  it("accepts inherited property names like any other name", async () => {
    const odd = settings("constructor", { toString: postgresUrl({ id: "constructor" }), valueOf: redisUrl({ id: "valueOf" }) });
    const { engine } = await deployed(() => new Project("shop", { groups: [odd], target: here, options: {}, existing: {} }));
    assert.equal(engine.find("endow-local:index:Lease", "constructor").inputs["name"], leaseName("constructor"));
    assert.equal(engine.find("endow-local:index:Lease", "valueOf").inputs["setting"], "valueOf");
  });

  it("returns the component of a group, and rejects an unknown one", async () => {
    const { made } = await deployed(shop);
    assert.equal(await valueOf(made.group(shared).outputs.databaseUrl.database), "shared_database_url");
    const other = settings("other", { token: secret() });
    const { code, message } = errorOf(() => made.group(other));
    assert.equal(code, "GROUP_UNKNOWN");
    assert.match(message, /the project has no group "other"/);
  });

  it("passes its dependencies on to all resources, whatever component they are in", async () => {
    class Network extends ComponentResource {
      constructor() {
        super("test:index:Network", "network");
        new Stash("subnet", { input: "10.0.0.0/24" }, { parent: this });
        this.registerOutputs();
      }
    }
    const { engine } = await deployed(() => {
      const network = new Network();
      return new Project("shop", { groups: [shared], target: here, apps: { web } }, { dependsOn: network });
    });
    for (const { type, name } of engine.resources.filter((resource) => resource.type.startsWith("endow-local:")))
      assert.ok(awaited(engine.find(type, name)).includes("pulumi:index:Stash subnet"), `${type} ${name} depends on the network`);
  });

  it("runs on any target that implements the contract", async () => {
    const image = () => "registry.example/shop:1";
    const { made, engine } = await deployed(
      () => new Project("shop", { groups: [shared], target: cloud(), apps: { web: app({ ...web, image }) } }),
      { stack: "staging" },
    );
    const provided = names(engine).filter((name) => name.startsWith("cloud:"));
    assert.deepEqual(provided, [
      "cloud:index:Bucket shared.uploads",
      "cloud:index:BucketPolicy shared.uploads-policy",
      "cloud:index:Container shared",
      "cloud:index:Container shared-databaseUrl",
      "cloud:index:Lease shared.databaseUrl",
      "cloud:index:Lease shared.redisUrl",
      "cloud:index:Policy web-shared",
      "cloud:index:Role web-role",
      "cloud:index:Rule web-shared-postgres",
      "cloud:index:Rule web-shared-redis-shared-redis-url",
      "cloud:index:Server postgres",
      "cloud:index:Server postgres-users",
      "cloud:index:Server redis-shared-redis-url",
      "cloud:index:Server redis-shared-redis-url-users",
      "cloud:index:Task web",
      "cloud:index:Version shared-version",
    ]);
    assert.equal(await valueOf(made.apps.web.url), "https://web.cloud.example");
    const { command, image: from, port, health, env, groups } = engine.find("cloud:index:Task", "web").inputs;
    assert.deepEqual([command, from, port, health], [["node", "server.js"], "registry.example/shop:1", 3000, "/health"]);
    assert.deepEqual([env, groups], [{ PORT: "3000" }, ["shared"]]);
    assert.deepEqual(engine.find("cloud:index:Policy", "web-shared").inputs["run"], ["shared.uploads-id"]);
  });

  it("requests the target for the stack's environment only", async () => {
    const asked: string[] = [];
    const target = ({ name, type }: { readonly name: string; readonly type: string }) => {
      asked.push(`${name} ${type}`);
      if (type === "development") return here();
      throw new Error("the cloud's SDK is not installed");
    };
    await deployed(() => new Project("shop", { groups: [shared], target }), { stack: "dev" });
    assert.deepEqual(asked, ["dev development"]);
    await deployed(
      () => {
        assert.throws(() => new Project("shop", { groups: [shared], target }), /^Error: the cloud's SDK is not installed$/);
      },
      { stack: "pr-7" },
    );
    assert.deepEqual(asked, ["dev development", "pr-7 preview"]);
  });
});
