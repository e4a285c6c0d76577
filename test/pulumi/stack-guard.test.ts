import assert from "node:assert/strict";
import { bucket, postgresUrl, redisUrl, settings } from "../../lib";
import { app, Project, SettingsGroup, type Transform } from "../../lib/pulumi";
import { refuseChange, type Confirmed, type StackFacts } from "../../lib/pulumi/stack-guard";
import { errorOf } from "../support/errors";
import type { MockEngine } from "../support/mock-engine";
import { cloud } from "./cloud";
import { awaited, deployed, here } from "./harness";

const STASH = "pulumi:index:Stash";

const shop = settings("shop", { databaseUrl: postgresUrl({ formerly: ["old.databaseUrl"] }) });
const site = settings("site", { uploads: bucket(), cacheUrl: redisUrl() });

/** Every provider resource, with the guards that it depends on. */
const guardsOf = ({ resources }: MockEngine): ReadonlyMap<string, readonly string[]> =>
  new Map(
    resources
      .filter(({ custom, type }) => custom && type !== STASH)
      .map((resource) => [`${resource.type} ${resource.name}`, awaited(resource).filter((name) => name.startsWith(STASH))]),
  );

describe("the record of an environment's type and target", () => {
  it("is kept in the state, with the server of each setting", async () => {
    const { engine } = await deployed(() => new SettingsGroup("shop", { group: shop, target: here }));
    assert.deepEqual(engine.find(STASH, "shop").inputs, {
      input: {
        type: "development",
        target: "local",
        servers: {},
        settings: { "shop.databaseUrl": "postgres" },
        formerly: { "shop.databaseUrl": ["old.databaseUrl"] },
      },
    });
  });

  it("includes each server's form, where there is a choice, and its former names", async () => {
    const { cells } = cloud();
    const { postgres = assert.fail("there is a cell") } = cells;
    const target = cloud({ cells: { ...cells, postgres: { ...postgres, madeOf: ({ name }) => `cluster of ${name}` } } });
    const group = settings("shop", {
      databaseUrl: postgresUrl({ server: { id: "main", formerly: ["postgres"] } }),
      cacheUrl: redisUrl(),
    });
    const { engine } = await deployed(() => new SettingsGroup("shop", { group, target }), { stack: "staging" });
    assert.deepEqual(engine.find(STASH, "shop").inputs["input"], {
      type: "test",
      target: "cloud",
      servers: { "postgres-main": "cluster of postgres-main", "redis-shop-cache-url": "group" },
      settings: { "shop.databaseUrl": "postgres-main", "shop.cacheUrl": "redis-shop-cache-url" },
      formerly: { "postgres-main": ["postgres"] },
    });
  });

  it("is kept by each group for its own settings, without a server for those that have none", async () => {
    const { engine } = await deployed(() => new Project("shop", { groups: [shop, site], target: cloud() }), { stack: "staging" });
    const settingsOf = (group: string) => (engine.find(STASH, group).inputs["input"] as StackFacts).settings;
    assert.deepEqual(Object.keys(settingsOf("shop")), ["shop.databaseUrl"]);
    assert.deepEqual(settingsOf("site"), { "site.cacheUrl": "redis-site-cache-url" });
  });

  const forgetful: Transform = (_, args) => ({ args, opts: { ignoreChanges: ["anything"] } });
  const programs: Readonly<Record<string, () => unknown>> = {
    "of a group by itself": () => new SettingsGroup("shop", { group: shop, target: cloud() }),
    "of a group whose options say what else to wait for": () =>
      new SettingsGroup("shop", {
        group: shop,
        target: cloud(),
        options: { settings: { databaseUrl: { dependsOn: [] } }, servers: { dependsOn: [] } },
      }),
    "of a target whose transform forgets the options that it was given": () =>
      new SettingsGroup("shop", { group: shop, target: cloud({ transform: forgetful }) }),
    "for a consumer of the program": () =>
      new SettingsGroup("shop", { group: shop, target: cloud() }).grant("job", { role: "jobs", network: "jobs" }),
  };
  for (const [what, program] of Object.entries(programs))
    it(`precedes all resources, ${what}`, async () => {
      const { engine } = await deployed(program, { stack: "staging" });
      const guards = guardsOf(engine);
      assert.ok(guards.size >= 3, [...guards.keys()].join(", "));
      for (const [name, waitsFor] of guards) assert.deepEqual(waitsFor, [`${STASH} shop`], name);
    });

  it("precedes all resources of a project: a group's resources follow its own guard, an app and its grants follow all guards", async () => {
    const project = () => {
      const web = app({ command: ["node"], reads: [shop] });
      const made = new Project("shop", { groups: [shop, site], target: cloud(), apps: { web } });
      return made.grant("job", { role: "jobs", network: "jobs" }, [site]);
    };
    const { engine } = await deployed(project, { stack: "staging" });
    const guards = guardsOf(engine);
    const all = [`${STASH} shop`, `${STASH} site`];
    const kinds = new Set([...guards.values()].map((waitsFor) => waitsFor.join()));
    assert.deepEqual(kinds, new Set([all[0], all[1], all.join()]));
    for (const [name, waitsFor] of guards)
      assert.ok(
        all.some((guard) => waitsFor.includes(guard)),
        name,
      );
    const ofGroups = [...guards].filter(([, { length }]) => length === 1);
    for (const [name, [guard]] of ofGroups) {
      const parent = engine.resources.find((resource) => `${resource.type} ${resource.name}` === name)?.parent;
      assert.equal(guard?.split(" ")[1], parent?.split("::").at(-1), name);
    }
  });

  it("precedes all resources on this machine", async () => {
    const web = app({ command: ["node"], reads: [shop, site] });
    const { engine } = await deployed(() => new Project("shop", { groups: [shop, site], target: here, apps: { web } }));
    const guards = guardsOf(engine);
    assert.equal(guards.size, 9);
    for (const [name, { length }] of guards) assert.ok(length > 0, name);
    assert.deepEqual(guards.get("endow-local:index:Process web"), [`${STASH} shop`, `${STASH} site`]);
  });
});

describe("a stack's facts", () => {
  const factsOf = (changes: Partial<StackFacts> = {}): StackFacts => ({
    type: "test",
    target: "cloud",
    servers: {},
    settings: {},
    formerly: {},
    ...changes,
  });
  const test = factsOf();
  const production = factsOf({ type: "production" });
  const elsewhere = factsOf({ target: "local" });
  const on = (server: string, formerly: StackFacts["formerly"] = {}) => factsOf({ settings: { "shop.databaseUrl": server }, formerly });
  const madeOf = (made: string, name = "postgres", formerly: StackFacts["formerly"] = {}) =>
    factsOf({ servers: { [name]: made }, formerly });

  const allowed: Readonly<Record<string, readonly [before: StackFacts, now: StackFacts, confirmed?: Confirmed]>> = {
    "stay as they are": [production, production],
    "become those of production": [test, production],
    "leave any other type": [test, factsOf({ type: "preview" })],
    "leave production because that is confirmed": [production, test, { type: "test" }],
    "leave a target because that is confirmed": [test, elsewhere, { target: "local" }],
    "leave production and a target because both are confirmed": [production, elsewhere, { type: "test", target: "local" }],
    "have a setting stay on its server": [on("postgres"), on("postgres")],
    "have a setting more, and one less": [on("postgres"), factsOf({ settings: { "shop.cacheUrl": "redis-shop-cache-url" } })],
    "have a server renamed that says so": [on("postgres"), on("postgres-main", { "postgres-main": ["postgres"] })],
    "have a server renamed twice": [on("postgres"), on("postgres-main", { "postgres-main": ["postgres-first", "postgres"] })],
    "have a setting renamed that says so": [
      factsOf({ settings: { "shop.url": "postgres" } }),
      on("postgres", { "shop.databaseUrl": ["shop.url"] }),
    ],
    "have a setting and its server renamed at once": [
      factsOf({ settings: { "shop.url": "postgres" } }),
      on("postgres-main", { "shop.databaseUrl": ["shop.url"], "postgres-main": ["postgres"] }),
    ],
    "have a setting moved because that is confirmed": [on("postgres"), on("postgres-main"), { replace: "shop.databaseUrl" }],
    "have a setting moved that is one of those confirmed": [
      on("postgres"),
      on("postgres-main"),
      { replace: "postgres-main, shop.databaseUrl ,shop.cacheUrl" },
    ],
    "have a server made as it is": [madeOf("cluster"), madeOf("cluster")],
    "have a server made of something else because that is confirmed": [madeOf("cluster"), madeOf("serverless"), { replace: "postgres" }],
    "be more than a stack of an older version has kept": [
      { type: "test", target: "cloud" } as StackFacts,
      factsOf({ settings: { "shop.databaseUrl": "postgres" }, servers: { postgres: "cluster" } }),
    ],
    "name a setting as something that every object has": [
      factsOf(),
      factsOf({ settings: { constructor: "postgres" }, servers: { valueOf: "cluster" } }),
    ],
  };
  for (const [what, [before, now, confirmed = {}]] of Object.entries(allowed))
    it(`may ${what}`, () => refuseChange(before, now, confirmed));

  const refused: Readonly<Record<string, readonly [before: StackFacts, now: StackFacts, code: string, confirmed?: Confirmed]>> = {
    "leave production": [production, test, "TYPE_CHANGED"],
    "leave production for another type than the confirmed one": [production, test, "TYPE_CHANGED", { type: "preview", target: "cloud" }],
    "leave production because staying is confirmed": [production, test, "TYPE_CHANGED", { type: "production" }],
    "leave their target": [test, elsewhere, "TARGET_CHANGED"],
    "leave their target for another than the confirmed one": [test, elsewhere, "TARGET_CHANGED", { type: "test", target: "cloud" }],
    "leave both with the target alone confirmed": [production, elsewhere, "TYPE_CHANGED", { target: "local" }],
    "leave both with the type alone confirmed": [production, elsewhere, "TARGET_CHANGED", { type: "test" }],
    "have a setting moved": [on("postgres"), on("postgres-main"), "SERVER_MOVED"],
    "have a setting moved to a server that was another one": [
      on("postgres"),
      on("postgres-main", { "postgres-main": ["postgres-first"] }),
      "SERVER_MOVED",
    ],
    "have a setting moved while another is confirmed": [on("postgres"), on("postgres-main"), "SERVER_MOVED", { replace: "shop.cacheUrl" }],
    "have a setting moved under another id": [
      factsOf({ settings: { "shop.url": "postgres" } }),
      on("postgres-main", { "shop.databaseUrl": ["shop.url"] }),
      "SERVER_MOVED",
    ],
    "have a server made of something else": [madeOf("cluster"), madeOf("serverless"), "SERVER_CHANGED"],
    "have a renamed server made of something else": [
      madeOf("cluster"),
      madeOf("serverless", "postgres-main", { "postgres-main": ["postgres"] }),
      "SERVER_CHANGED",
    ],
    "have a server made of something else while a setting is confirmed": [
      madeOf("cluster"),
      madeOf("serverless"),
      "SERVER_CHANGED",
      { replace: "shop.databaseUrl" },
    ],
  };
  for (const [what, [before, now, code, confirmed = {}]] of Object.entries(refused))
    it(`are refused when they ${what}`, () => assert.equal(errorOf(() => refuseChange(before, now, confirmed)).code, code));

  const messages: Readonly<Record<string, readonly [before: StackFacts, now: StackFacts, message: string]>> = {
    "the type": [
      production,
      test,
      "this stack is production, and would become a test environment and lose its protection, so nothing was changed\n" +
        "  fix: undo the change, deploy another stack, or confirm with `pulumi config set endow:type test`",
    ],
    "the target": [
      test,
      elsewhere,
      "this stack runs on cloud, and its resources would be recreated on local without their data, so nothing was changed\n" +
        "  fix: undo the change, deploy another stack, or confirm with `pulumi config set endow:target local`",
    ],
    "a setting's server": [
      on("postgres"),
      on("postgres-main"),
      '"shop.databaseUrl" is on the server postgres, and would start empty on postgres-main, so nothing was changed\n' +
        "  fix: undo the change; if it was only renamed, add its former id: server: { id, formerly }; " +
        "or run `pulumi config set endow:replace shop.databaseUrl`",
    ],
    "a server's form": [
      madeOf("cluster"),
      madeOf("serverless"),
      "the server postgres runs as cluster, and would be recreated as serverless without its data, so nothing was changed\n" +
        "  fix: undo the change, declare a second server, or confirm with `pulumi config set endow:replace postgres`",
    ],
  };
  for (const [what, [before, now, message]] of Object.entries(messages))
    it(`are refused with the loss that a change of ${what} would cause, and the command that confirms it`, () =>
      assert.equal(errorOf(() => refuseChange(before, now, {})).message, message));
});
