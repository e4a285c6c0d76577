import assert from "node:assert/strict";
import { CustomResource, Stash, type CustomResourceOptions, type Inputs } from "@pulumi/pulumi";
import { bucket, postgresUrl, settings } from "../../lib";
import { app, local, Project, SettingsGroup, type MadeResource, type Make, type Transform } from "../../lib/pulumi";
import { makerFor, type MadeFor } from "../../lib/pulumi/maker";
import { cloud } from "./cloud";
import { awaited, deployed } from "./harness";

const LEASE = "endow-local:index:Lease";
const SERVER = "endow-local:index:Server";

class Thing extends CustomResource {
  constructor(name: string, args: Inputs, opts: CustomResourceOptions) {
    super("test:index:Thing", name, args, opts);
  }
}

/** Resources created below a group, whose guard is `shop`. */
const made = async (request: Partial<MadeFor>, program: (make: Make) => unknown, dependsOn?: () => CustomResourceOptions["dependsOn"]) => {
  const { engine } = await deployed(() => {
    const parent = new SettingsGroup("shop", { group: settings("shop", { databaseUrl: postgresUrl() }), target: local({ root: "/usr" }) });
    const others = dependsOn === undefined ? {} : { dependsOn: dependsOn() };
    program(makerFor({ parent, guards: [parent.guard], ...others }, { part: "postgres", name: "main", ...request }));
  });
  return (name: string) => engine.find("test:index:Thing", name);
};

describe("a resource that a target creates", () => {
  it("is named after its purpose, with a suffix if it is one of several, under former names as well", async () => {
    const find = await made({ formerly: ["first", "second"] }, (make) => {
      make(Thing, { size: 1 });
      make(Thing, { size: 2 }, { child: "policy" });
    });
    const former = (name: string) => find(name).aliases.map((alias) => alias.name);
    assert.deepEqual([find("main").inputs, find("main-policy").inputs], [{ size: 1 }, { size: 2 }]);
    assert.deepEqual(former("main"), ["first", "second"]);
    assert.deepEqual(former("main-policy"), ["first-policy", "second-policy"]);
    assert.match(find("main").urn, /endow:index:SettingsGroup\$test:index:Thing::main$/);
  });

  it("depends on the guard, on the component's dependencies, and on those that the target and the program add", async () => {
    let before: readonly Stash[] = [];
    const stashes = (...names: readonly string[]) => names.map((name) => new Stash(name, { input: name }));
    const find = await made(
      {},
      (make) => {
        const [first] = stashes("first");
        make(Thing, {}, { ...(first && { dependsOn: first }) });
        make(Thing, {}, { child: "policy" });
      },
      () => (before = stashes("network", "zone")),
    );
    assert.equal(before.length, 2);
    const component = ["pulumi:index:Stash network", "pulumi:index:Stash shop", "pulumi:index:Stash zone"];
    assert.deepEqual(awaited(find("main")), ["pulumi:index:Stash first", ...component]);
    assert.deepEqual(awaited(find("main-policy")), component);
  });

  it("is protected where it holds data and the profile requires it: the main one, unless the target decides otherwise", async () => {
    const program = (make: Make) => {
      make(Thing, {});
      make(Thing, {}, { child: "policy" });
      make(Thing, {}, { child: "replica", stateful: true });
    };
    const protection = async (request: Partial<MadeFor>) => {
      const find = await made(request, program);
      return ["main", "main-policy", "main-replica"].map((name) => find(name).protect);
    };
    assert.deepEqual(await protection({ isProtected: true }), [true, undefined, true]);
    // Never false: that would override the component's own option.
    assert.deepEqual(await protection({ isProtected: false }), [undefined, undefined, undefined]);
    const find = await made({ isProtected: true }, (make) => make(Thing, {}, { stateful: false }));
    assert.equal(find("main").protect, undefined);
  });

  it("gets the program's options if it is the main one, which take precedence over the target's", async () => {
    const own: CustomResourceOptions = { ignoreChanges: ["size"], retainOnDelete: false, protect: false };
    const find = await made({ own, isProtected: true }, (make) => {
      make(Thing, {}, { ignoreChanges: ["zone"], retainOnDelete: true });
      make(Thing, {}, { child: "policy", ignoreChanges: ["zone"] });
    });
    const { ignoreChanges, retainOnDelete, protect } = find("main");
    assert.deepEqual([ignoreChanges, retainOnDelete, protect], [["zone", "size"], false, false]);
    assert.deepEqual(find("main-policy").ignoreChanges, ["zone"]);
  });
});

describe("a program's transform", () => {
  const shop = settings("shop", { databaseUrl: postgresUrl(), uploads: bucket() });
  const web = app({ command: ["node"], reads: [shop] });
  const project = (transform: Transform) => () =>
    new Project("shop", { groups: [shop], target: local({ root: "/usr", transform }), apps: { web } });

  it("is called for everything that is created, with its purpose", async () => {
    const asked: MadeResource[] = [];
    await deployed(
      project((one) => {
        asked.push(one);
        return undefined;
      }),
    );
    assert.deepEqual(asked.map(({ part, child, of }) => `${part} ${child} ${of}`).toSorted(), [
      "app main web",
      "bucket main bucket",
      "bucket main shop.uploads",
      "postgres main postgres",
      "postgres main shop.databaseUrl",
      "store main shop",
    ]);
  });

  it("is called for a consumer's grants with the consumer's name", async () => {
    const asked: MadeResource[] = [];
    const target = cloud({
      transform: (one) => {
        asked.push(one);
        return undefined;
      },
    });
    await deployed(() => new SettingsGroup("shop", { group: shop, target }).grant("job", { role: "jobs", network: "jobs" }), {
      stack: "staging",
    });
    const ofConsumers = asked.filter(({ part }) => part === "consumer");
    assert.deepEqual([...new Set(ofConsumers.map(({ of }) => of))], ["job"]);
  });

  it("changes the arguments and options of one resource, and leaves the others unchanged", async () => {
    const transform: Transform = ({ of }, args, opts) =>
      of === "postgres" ? { args: { ...args, port: 6543 }, opts: { ...opts, ignoreChanges: ["port"], protect: true } } : undefined;
    const { engine } = await deployed(project(transform));
    const { inputs, ignoreChanges, protect } = engine.find(SERVER, "postgres");
    assert.deepEqual([inputs["port"], ignoreChanges, protect], [6543, ["port"], true]);
    const plain = await deployed(project(() => undefined));
    for (const [type, name] of [
      [SERVER, "bucket"],
      [LEASE, "shop.databaseUrl"],
    ] as const)
      assert.deepEqual(engine.find(type, name), plain.engine.find(type, name));
  });

  it("sees the resource's options, including the program's own", async () => {
    const seen: CustomResourceOptions[] = [];
    const transform: Transform = ({ of }, _args, opts) => {
      if (of === "shop.databaseUrl") seen.push(opts);
      return undefined;
    };
    const target = local({ root: "/usr", transform });
    const options = { settings: { databaseUrl: { ignoreChanges: ["options"] } } };
    const { made: group } = await deployed(() => new SettingsGroup("shop", { group: shop, target, options }));
    assert.deepEqual(
      seen.map(({ parent, ignoreChanges }) => [parent === group, ignoreChanges]),
      [[true, ["options"]]],
    );
  });

  it("that replaces the options moves no resource out of its component or ahead of its guard", async () => {
    const { engine } = await deployed(project((_, args) => ({ args, opts: { retainOnDelete: true } })));
    const plain = await deployed(project(() => undefined));
    const all = engine.resources.filter(({ type }) => type.startsWith("endow-local:"));
    assert.deepEqual(
      all.map(({ urn }) => urn).toSorted(),
      plain.engine.resources.flatMap(({ type, urn }) => (type.startsWith("endow-local:") ? [urn] : [])).toSorted(),
    );
    for (const resource of all) {
      assert.equal(resource.retainOnDelete, true, resource.name);
      assert.ok(awaited(resource).includes("pulumi:index:Stash shop"), resource.name);
    }
  });
});
