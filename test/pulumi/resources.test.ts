import assert from "node:assert/strict";
import { ComponentResource, ProviderResource, Stash } from "@pulumi/pulumi";
import { postgresUrl, redisUrl, settings, type ProfileChanges } from "../../lib/index";
import { Project, SettingsGroup } from "../../lib/pulumi/index";
import { shared } from "../plan/shop";
import { cloud } from "./cloud";
import { awaited, deployed, here, names } from "./harness";

const LEASE = "endow-local:index:Lease";
const SERVER = "endow-local:index:Server";

describe("a setting's resource", () => {
  it("is found under the setting's former ids, and so is a dedicated server", async () => {
    const renamed = settings("store", {
      cacheUrl: redisUrl({ formerly: ["shared.redisUrl", "old.redisUrl"] }),
      databaseUrl: postgresUrl({ id: "store.db", formerly: ["shared.databaseUrl"] }),
    });
    const { engine } = await deployed(() => new SettingsGroup("store", { group: renamed, target: here }));
    const namesOf = (type: string, name: string) => engine.find(type, name).aliases.map((alias) => alias.name);
    assert.deepEqual(namesOf(LEASE, "store.cacheUrl"), ["shared.redisUrl", "old.redisUrl"]);
    assert.deepEqual(namesOf(SERVER, "redis-store-cache-url"), ["redis-shared-redis-url", "redis-old-redis-url"]);
    assert.deepEqual(namesOf(LEASE, "store.db"), ["shared.databaseUrl"]);
    assert.deepEqual(namesOf(SERVER, "postgres"), []);
    assert.deepEqual(engine.find(LEASE, "store.cacheUrl").inputs["formerly"], ["shared.redisUrl", "old.redisUrl"]);
  });

  it("is protected where the environment's type requires it, and never explicitly unprotected", async () => {
    const protection = async (stack: string, environments: ProfileChanges = {}) => {
      const { engine } = await deployed(() => new SettingsGroup("shared", { group: shared, target: cloud(), environments }), {
        stack,
        secrets: stack === "production" ? { API_KEYS: "Jw8vQ2mZx94LrT7k:shop" } : {},
      });
      const holdsData = ({ type, name }: { readonly type: string; readonly name: string }) =>
        /:(Server|Lease|Bucket)$/.test(type) && !name.endsWith("-users");
      const stateful = engine.resources.filter(holdsData);
      const others = engine.resources.filter((one) => !holdsData(one));
      assert.deepEqual([...new Set(others.map(({ protect }) => protect))], [undefined]);
      return [...new Set(stateful.map(({ protect }) => protect))];
    };
    assert.deepEqual(await protection("production"), [true]);
    assert.deepEqual(await protection("staging"), [true]);
    assert.deepEqual(await protection("pr-7"), [undefined]);
    assert.deepEqual(await protection("dev"), [undefined]);
    assert.deepEqual(await protection("pr-7", { preview: { protected: true } }), [true]);
    assert.deepEqual(await protection("staging", { test: { protected: false } }), [undefined]);
  });

  it("is also protected in development when the component is, and stays so", async () => {
    const { engine } = await deployed(() => new SettingsGroup("shared", { group: shared, target: here }, { protect: true }));
    assert.deepEqual([...new Set(engine.resources.map(({ protect }) => protect))], [true]);
  });

  it("gets the program's options for this setting and for servers, merged with its dependencies", async () => {
    const { engine } = await deployed(() => {
      const before = new Stash("before", { input: 1 });
      const own = new Stash("own", { input: 1 });
      const databaseUrl = { ignoreChanges: ["options"], retainOnDelete: true, aliases: [{ name: "db" }], dependsOn: [own] };
      const servers = { protect: true, customTimeouts: { create: "5m" } };
      return new SettingsGroup(
        "shared",
        { group: shared, target: here, options: { settings: { databaseUrl }, servers } },
        { dependsOn: [before] },
      );
    });
    const lease = engine.find(LEASE, "shared.databaseUrl");
    assert.deepEqual(lease.ignoreChanges, ["options"]);
    assert.equal(lease.retainOnDelete, true);
    assert.deepEqual(
      lease.aliases.map(({ name }) => name),
      ["db"],
    );
    assert.deepEqual(awaited(lease), [
      `${SERVER} postgres`,
      "pulumi:index:Stash before",
      "pulumi:index:Stash own",
      "pulumi:index:Stash shared",
    ]);
    assert.equal(lease.protect, undefined);
    assert.equal(engine.find(SERVER, "postgres").protect, true);
    assert.deepEqual(engine.find(LEASE, "shared.uploads").ignoreChanges, []);
    assert.ok(awaited(engine.find("endow-local:index:Values", "shared")).includes("pulumi:index:Stash before"));
  });

  it("gets options in a project by its group's name", async () => {
    const options = { shared: { settings: { uploads: { ignoreChanges: ["options"] } }, servers: { protect: true } } };
    const { engine } = await deployed(() => new Project("shop", { groups: [shared], target: here, options }));
    assert.deepEqual(engine.find(LEASE, "shared.uploads").ignoreChanges, ["options"]);
    assert.equal(engine.find(SERVER, "bucket").protect, true);
  });

  it("inherits the component's transformations, providers and retention", async () => {
    class Provider extends ProviderResource {
      constructor() {
        super("endow-local", "mine", {});
      }
    }
    const { engine } = await deployed(() => {
      const provider = new Provider();
      new SettingsGroup(
        "shared",
        { group: shared, target: here },
        {
          providers: [provider],
          retainOnDelete: true,
          transformations: [({ props, opts }) => ({ props: { ...props, marked: true }, opts: { ...opts, ignoreChanges: ["marked"] } })],
        },
      );
    });
    const made = engine.resources.filter(({ type }) => type.startsWith("endow-local:"));
    assert.equal(made.length, 7);
    for (const { name, provider, inputs, ignoreChanges } of made) {
      assert.match(provider, /::mine::mine-id$/, name);
      assert.equal(inputs["marked"], true, name);
      assert.deepEqual(ignoreChanges, ["marked"], name);
    }
    // Children inherit it in the engine, from the component.
    assert.equal(engine.find("endow:index:SettingsGroup", "shared").retainOnDelete, true);
  });

  it("is below the component's own parents", async () => {
    class Platform extends ComponentResource {
      constructor() {
        super("acme:index:Platform", "platform");
        new SettingsGroup("shared", { group: shared, target: here }, { parent: this });
        this.registerOutputs();
      }
    }
    const { engine } = await deployed(() => new Platform());
    assert.match(
      engine.find(LEASE, "shared.uploads").urn,
      /::acme:index:Platform\$endow:index:SettingsGroup\$endow-local:index:Lease::shared.uploads$/,
    );
  });
});

describe("a resource that groups share", () => {
  const url = postgresUrl();
  const orders = settings("orders", { databaseUrl: url, cacheUrl: redisUrl() });
  const stock = settings("stock", { databaseUrl: url, reportsUrl: postgresUrl() });
  const made = [
    `${LEASE} orders.cacheUrl`,
    `${LEASE} orders.databaseUrl`,
    `${LEASE} stock.reportsUrl`,
    `${SERVER} postgres`,
    `${SERVER} redis-orders-cache-url`,
  ];
  const providedIn = (all: readonly string[]) => all.filter((name) => /:(Lease|Server) /.test(name));

  it("is created once in a project: a server of several settings, and a setting of two groups, whose value both stores have", async () => {
    const { made: project, engine } = await deployed(() => new Project("shop", { groups: [orders, stock], target: here }));
    assert.deepEqual(providedIn(names(engine)), made);
    const valuesOf = (group: string) => engine.find("endow-local:index:Values", group).inputs["values"] as Record<string, string>;
    assert.ok(valuesOf("orders")["DATABASE_URL"]);
    assert.equal(valuesOf("stock")["DATABASE_URL"], valuesOf("orders")["DATABASE_URL"]);
    assert.equal(project.group(stock).outputs.databaseUrl.host, project.group(orders).outputs.databaseUrl.host);
  });

  it("is created once when each group is deployed standalone", async () => {
    const { engine } = await deployed(() => {
      new SettingsGroup("orders", { group: orders, target: here });
      new SettingsGroup("stock", { group: stock, target: here });
    });
    assert.deepEqual(providedIn(names(engine)), made);
  });

  it("is one server even for settings that have nothing else in common", async () => {
    const { engine } = await deployed(() => {
      new SettingsGroup("orders", { group: orders, target: here });
      new SettingsGroup("reports", { group: settings("reports", { reportsUrl: postgresUrl() }), target: here });
    });
    assert.deepEqual(providedIn(names(engine)), [
      `${LEASE} orders.cacheUrl`,
      `${LEASE} orders.databaseUrl`,
      `${LEASE} reports.reportsUrl`,
      `${SERVER} postgres`,
      `${SERVER} redis-orders-cache-url`,
    ]);
    assert.ok(awaited(engine.find(LEASE, "reports.reportsUrl")).includes(`${SERVER} postgres`));
  });

  it("is created again for the next program in the same process", async () => {
    const first = await deployed(() => new SettingsGroup("orders", { group: orders, target: here }));
    const second = await deployed(() => new SettingsGroup("orders", { group: orders, target: here }));
    assert.deepEqual(names(second.engine), names(first.engine));
  });
});
