import assert from "node:assert/strict";
import { z } from "zod";
import { postgresUrl, redisUrl, secret, settings, type PlanRequest } from "../../lib/index";
import { planned } from "./shop";

describe("planned resources", () => {
  const group = settings("a", {
    one: postgresUrl(),
    two: postgresUrl({ version: "17" }),
    old: postgresUrl({ server: "old", version: "15", id: "legacy.db", formerly: ["older.db"] }),
    optional: redisUrl().optional(),
    conditional: redisUrl({ requiredIn: ["production"] }),
    fallback: redisUrl({ fallback: "optional" }),
  });
  const resources = (request: Partial<PlanRequest>) => planned({ groups: [group], ...request }).resources.map(({ id }) => id);

  it("are those that settings need in this environment", () => {
    assert.deepEqual(resources({}), ["a.one", "a.two", "legacy.db", "a.optional", "a.conditional"]);
    assert.deepEqual(resources({ environment: "dev" }), ["a.one", "a.two", "legacy.db", "a.optional"]);
  });

  it("exclude settings with supplied values", () => {
    assert.ok(!resources({ supplied: { ONE: true } }).includes("a.one"));
  });

  it("share a server if they request the same one, unless their kind cannot share", () => {
    assert.deepEqual(
      planned({ groups: [group] }).servers.map(({ name, version, settings }) => ({ name, version, settings })),
      [
        { name: "postgres", version: "17", settings: ["a.one", "a.two"] },
        { name: "postgres-old", version: "15", settings: ["legacy.db"] },
        { name: "redis-a-optional", version: undefined, settings: ["a.optional"] },
        { name: "redis-a-conditional", version: undefined, settings: ["a.conditional"] },
      ],
    );
  });

  it("keep their dedicated server when their id changes", () => {
    const renamed = settings("a", { cacheUrl: redisUrl({ formerly: ["a.redisUrl"] }), db: postgresUrl({ formerly: ["a.old"] }) });
    assert.deepEqual(
      planned({ groups: [renamed] }).servers.map(({ name, formerly }) => ({ name, formerly })),
      [
        { name: "redis-a-cache-url", formerly: ["redis-a-redis-url"] },
        { name: "postgres", formerly: [] },
      ],
    );
  });

  it("keep their id and former ids through a rename", () => {
    const legacy = planned({ groups: [group] }).resources.find(({ id }) => id === "legacy.db");
    assert.deepEqual([legacy?.setting, legacy?.name, legacy?.formerly], ["a.old", "legacy_db", ["older.db"]]);
  });

  for (const [declared, environment, hosting, expected] of [
    [undefined, "dev", "own", true],
    [undefined, "test", "own", false],
    [undefined, "pr-1", "base", false],
    [undefined, "production", "own", false],
    [true, "dev", "own", true],
    [true, "test", "own", true],
    [true, "pr-1", "base", true],
    [true, "production", "own", false],
    [true, "dev", "given", undefined],
    [true, "test", "given", undefined],
    [false, "dev", "own", false],
  ] as const)
    it(`may create databases: ${expected}, with createDatabases ${declared} in ${environment} on a server that is "${hosting}"`, () => {
      const creating = settings("a", { url: postgresUrl(declared === undefined ? {} : { createDatabases: declared }) });
      const place = hosting === "given" ? { hosting: { "a.url": hosting } } : { base: hosting === "base" };
      assert.deepEqual(
        planned({ groups: [creating], environment, ...place }).resources.map((one) => [one.hosting, one.options]),
        [[hosting, { version: "17", scheme: "postgresql", extensions: [], ...(expected !== undefined && { createDatabases: expected }) }]],
      );
    });

  it("need no server if they already exist", () => {
    const { servers, resources, variables } = planned({ groups: [group], hosting: { "legacy.db": "none" } });
    assert.deepEqual(
      servers.map(({ name }) => name),
      ["postgres", "redis-a-optional", "redis-a-conditional"],
    );
    const legacy = resources.find(({ id }) => id === "legacy.db");
    assert.deepEqual([legacy?.hosting, legacy?.credential, legacy?.name], ["none", "existing", "legacy_db"]);
    const { source, writer } = variables.find(({ name }) => name === "OLD") ?? assert.fail("OLD is planned");
    assert.deepEqual([source, writer], ["provisioned", "deploy"]);
  });

  it("are hosted as requested for their own id, ignoring inherited object properties", () => {
    const odd = settings("a", { one: postgresUrl({ id: "constructor" }) });
    assert.equal(planned({ groups: [odd], hosting: {} }).resources[0]?.hosting, "own");
    assert.equal(planned({ groups: [odd], hosting: { constructor: "none" as const } }).resources[0]?.hosting, "none");
  });
});

describe("a resource on an existing server", () => {
  const group = settings("a", { one: postgresUrl(), two: postgresUrl({ formerly: ["a.old"] }) });
  const request = { groups: [group], hosting: { "a.two": "given" } } as const;

  it("needs no planned server, but is provisioned", () => {
    const { servers, resources, variables, problems } = planned(request);
    assert.deepEqual(
      servers.map(({ name, settings }) => [name, settings]),
      [["postgres", ["a.one"]]],
    );
    assert.deepEqual(
      resources.map(({ id, hosting, credential }) => [id, hosting, credential]),
      [
        ["a.one", "own", "deploy"],
        ["a.two", "given", "deploy"],
      ],
    );
    assert.deepEqual(variables.find(({ name }) => name === "TWO")?.source, "provisioned");
    assert.deepEqual(problems, []);
  });

  it("has a name unique across projects and environments", () => {
    const nameIn = (more: Partial<PlanRequest>) => planned({ ...request, ...more }).resources.at(-1)?.name ?? "";
    const names = [nameIn({}), nameIn({ environment: "staging" }), nameIn({ project: "billing" }), nameIn({ hosting: {} })];
    assert.equal(new Set(names).size, 4);
    assert.match(names[0] ?? "", /^s_shop_production_a_two_[0-9a-f]{8}$/);
    assert.equal(names[3], "a_two");
    assert.ok(names.every((name) => /^[a-z][a-z0-9_]{0,62}$/.test(name)));
  });

  it("may request another version than the environment's own server", () => {
    const versions = settings("a", { one: postgresUrl({ version: "17" }), two: postgresUrl({ version: "15" }) });
    assert.deepEqual(
      planned({ groups: [versions] }).problems.map(({ code }) => code),
      ["SERVER_VERSIONS"],
    );
    assert.deepEqual(planned({ groups: [versions], hosting: { "a.two": "given" } }).problems, []);
  });

  it("is rejected for a setting that is not provisionable", () => {
    const { problems } = planned({ ...request, hosting: { "a.two": "given", "a.none": "given" } });
    assert.deepEqual(
      problems.map(({ code, path, message }) => [code, path, message]),
      [["EXISTING_UNKNOWN", "a.none", '`existing` names "a.none", but no provisionable setting has that id']],
    );
  });
});

describe("one setting object in two groups", () => {
  const url = postgresUrl();
  const key = secret();
  const a = settings("a", { url, key, mode: z.string().default("x") }, { requiredWhen: { key: { mode: "y" } } });
  const b = settings("b", { url, key });

  it("is one resource, owned by the first group, and required if any group requires it", () => {
    const result = planned({ groups: [a, b] });
    assert.deepEqual(
      result.resources.map(({ id }) => id),
      ["a.url"],
    );
    assert.deepEqual(result.problems, []);
    assert.deepEqual(
      result.missing.map(({ setting }) => setting),
      ["a.key"],
    );
    assert.deepEqual(
      planned({ groups: [b, a] }).resources.map(({ id }) => id),
      ["b.url"],
    );
    assert.deepEqual(planned({ groups: [a] }).missing, []);
  });

  it("with two names is two resources", () => {
    assert.equal(planned({ groups: [settings("c", { one: url, two: url })] }).resources.length, 2);
  });
});
