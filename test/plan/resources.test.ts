import assert from "node:assert/strict";
import { z } from "zod";
import { postgresUrl, redisUrl, secret, settings, type PlanRequest } from "../../lib/index";
import { planned } from "./shop";

describe("planned resources", () => {
  const group = settings("a", {
    one: postgresUrl(),
    two: postgresUrl({ version: "17" }),
    old: postgresUrl({ version: "15", id: "legacy.db", formerly: ["older.db"] }),
    optional: redisUrl().optional(),
    conditional: redisUrl({ requiredIn: ["production"] }),
    fallback: redisUrl({ fallback: "optional" }),
  });
  const resources = (request: Partial<PlanRequest>) => planned({ groups: [group], ...request }).resources.map(({ id }) => id);

  it("are those that a setting needs in this environment", () => {
    assert.deepEqual(resources({}), ["a.one", "a.two", "legacy.db", "a.optional", "a.conditional"]);
    assert.deepEqual(resources({ environment: "dev" }), ["a.one", "a.two", "legacy.db", "a.optional"]);
  });

  it("are not made for what a person supplies", () => {
    assert.ok(!resources({ supplied: { ONE: true } }).includes("a.one"));
  });

  it("share a server when they need the same one, unless their kind keeps them apart", () => {
    assert.deepEqual(
      planned({ groups: [group] }).servers.map(({ name, version, settings }) => ({ name, version, settings })),
      [
        { name: "postgres-17", version: "17", settings: ["a.one", "a.two"] },
        { name: "postgres-15", version: "15", settings: ["legacy.db"] },
        { name: "redis-a-optional", version: undefined, settings: ["a.optional"] },
        { name: "redis-a-conditional", version: undefined, settings: ["a.conditional"] },
      ],
    );
  });

  it("take a server of their own along when their id changes", () => {
    const renamed = settings("a", { cacheUrl: redisUrl({ formerly: ["a.redisUrl"] }), db: postgresUrl({ formerly: ["a.old"] }) });
    assert.deepEqual(
      planned({ groups: [renamed] }).servers.map(({ name, formerly }) => ({ name, formerly })),
      [
        { name: "redis-a-cache-url", formerly: ["redis-a-redis-url"] },
        { name: "postgres-17", formerly: [] },
      ],
    );
  });

  it("keep their id through a rename, and their former ones", () => {
    const legacy = planned({ groups: [group] }).resources.find(({ id }) => id === "legacy.db");
    assert.deepEqual([legacy?.setting, legacy?.name, legacy?.formerly], ["a.old", "legacy_db", ["older.db"]]);
  });

  it("that exist already need no server", () => {
    const { servers, resources, variables } = planned({ groups: [group], existing: ["legacy.db"] });
    assert.deepEqual(
      servers.map(({ name }) => name),
      ["postgres-17", "redis-a-optional", "redis-a-conditional"],
    );
    const legacy = resources.find(({ id }) => id === "legacy.db");
    assert.equal(legacy?.existing, true);
    assert.equal(variables.find(({ name }) => name === "OLD")?.source, "provisioned");
  });
});

describe("one setting object in two groups", () => {
  const url = postgresUrl();
  const key = secret();
  const a = settings("a", { url, key, mode: z.string().default("x") }, { requiredWhen: { key: { mode: "y" } } });
  const b = settings("b", { url, key });

  it("is one resource, owned by the first group, and required when any group requires it", () => {
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

  it("under two names is two resources", () => {
    assert.equal(planned({ groups: [settings("c", { one: url, two: url })] }).resources.length, 2);
  });
});
