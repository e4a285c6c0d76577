import assert from "node:assert/strict";
import { bucket, postgresUrl, redisUrl, settings, type PlanRequest } from "../../lib/index";
import { offeringAll, undecided, type KindFacts, type TargetFacts } from "../../lib/plan/facts";
import { planned, variable } from "./shop";

/** A target that handles every kind the same, with overrides for a test. */
const target = (changes: Partial<KindFacts> = {}): TargetFacts => {
  const { name, store, kinds } = offeringAll("cloud", "vault", () => ({ server: true, findsServer: true, credential: "deploy" }));
  return { name, store, kinds: Object.fromEntries(Object.entries(kinds).map(([kind, facts]) => [kind, { ...facts, ...changes }])) };
};

const container = "shop/production/shared";

describe("a plan for a target", () => {
  it("names the target and its store, which default to undecided", () => {
    const { target: name, store } = planned({ target: target() });
    assert.deepEqual([name, store], ["cloud", "vault"]);
    assert.deepEqual(planned(), planned({ target: undecided() }));
    assert.equal(planned().store, "undecided");
  });

  const writers: Readonly<
    Record<KindFacts["credential"], Readonly<Record<string, readonly [entry: string, writer: string] | readonly []>>>
  > = {
    deploy: {
      DATABASE_URL: [container, "deploy"],
      UPLOADS_BUCKET: [container, "deploy"],
      UPLOADS_ACCESS_KEY_ID: [container, "deploy"],
      UPLOADS_SECRET_ACCESS_KEY: [container, "deploy"],
    },
    broker: {
      DATABASE_URL: [`${container}/databaseUrl`, "broker"],
      UPLOADS_BUCKET: [container, "deploy"],
      UPLOADS_ACCESS_KEY_ID: [container, "deploy"],
      UPLOADS_SECRET_ACCESS_KEY: [`${container}/uploads`, "broker"],
    },
    // There is no secret to write.
    identity: {
      DATABASE_URL: [],
      UPLOADS_BUCKET: [container, "deploy"],
      UPLOADS_ACCESS_KEY_ID: [container, "deploy"],
      UPLOADS_SECRET_ACCESS_KEY: [],
    },
  };
  for (const [credential, expected] of Object.entries(writers) as [KindFacts["credential"], (typeof writers)["deploy"]][])
    it(`with credentials by ${credential} has the writer and entry of each variable`, () => {
      const request = { target: target({ credential }) };
      assert.deepEqual([...new Set(planned(request).resources.map((resource) => resource.credential))], [credential]);
      for (const [name, [entry, writer]] of Object.entries(expected)) {
        const row = variable(name, request);
        assert.deepEqual([row.source, row.state, row.entry, row.writer], ["provisioned", entry ? "ready" : "unset", entry, writer], name);
      }
    });

  it("assigns existing resources to the deploy even with a broker, and resources on a given server to the broker", () => {
    const request = { target: target({ credential: "broker" }) };
    const at = (hosting: "none" | "given") => {
      const { entry, writer } = variable("DATABASE_URL", { ...request, hosting: { "shared.databaseUrl": hosting } });
      return [entry, writer];
    };
    assert.deepEqual(at("none"), [container, "deploy"]);
    assert.deepEqual(at("given"), [`${container}/databaseUrl`, "broker"]);
  });

  const optional: Readonly<Record<string, readonly [optionalFields: readonly string[], states: readonly string[]]>> = {
    none: [[], ["ready", "ready", "unset", "unset", "unset"]],
    "an endpoint alone": [["endpoint"], ["ready", "ready", "ready", "unset", "unset"]],
    all: [
      ["endpoint", "accessKeyId", "secretAccessKey"],
      ["ready", "ready", "ready", "ready", "ready"],
    ],
  };
  for (const [which, [optionalFields, states]] of Object.entries(optional))
    it(`with ${which} of a bucket's optional fields leaves the variables of the others unset and without entries`, () => {
      const request = { target: target({ optionalFields }) };
      const rows = planned(request).variables.filter(({ setting }) => setting === "shared.uploads");
      assert.deepEqual(
        rows.map(({ state }) => state),
        states,
      );
      for (const { name, state, entry, writer } of rows)
        assert.deepEqual([entry, writer], state === "ready" ? [container, "deploy"] : [undefined, undefined], name);
      const granted = planned(request).grants[0]?.variables ?? [];
      for (const { name, state } of rows) assert.equal(granted.includes(name), state === "ready", name);
      assert.equal(variable("DATABASE_URL", request).state, "ready");
    });

  it("does not know the optional fields of an existing bucket", () => {
    const request = { target: target({ optionalFields: [] }), hosting: { "shared.uploads": "none" } } as const;
    assert.equal(variable("UPLOADS_ENDPOINT", request).state, "ready");
  });
});

describe("a preview of a base stack", () => {
  const group = settings("a", { one: postgresUrl(), two: postgresUrl({ server: "other" }) });
  const hostings = (request: Partial<PlanRequest>) =>
    planned({ groups: [group], environment: "pr-42", ...request }).resources.map(({ hosting }) => hosting);

  const cases: Readonly<Record<string, readonly [request: Partial<PlanRequest>, hosting: readonly string[]]>> = {
    "has what it needs on the base's servers": [{ base: true, target: target() }, ["base", "base"]],
    "has servers of its own where no base is named": [{ target: target() }, ["own", "own"]],
    "has servers of its own where the target finds none": [{ base: true, target: target({ findsServer: false }) }, ["own", "own"]],
    "has servers of its own for a kind that the target does not offer": [
      { base: true, target: { ...target(), kinds: {} } },
      ["own", "own"],
    ],
    "is a preview alone, not a test environment": [{ base: true, target: target(), environment: "staging" }, ["own", "own"]],
    "is a preview alone, not production": [{ base: true, target: target(), environment: "production" }, ["own", "own"]],
    "takes what the program says of a setting first": [
      { base: true, target: target(), hosting: { "a.one": "given", "a.two": "none" } },
      ["given", "none"],
    ],
  };
  for (const [what, [request, hosting]] of Object.entries(cases)) it(what, () => assert.deepEqual(hostings(request), hosting));

  it("plans no server, uses those of the base, and has unique database names", () => {
    const { servers, resources, variables } = planned({ groups: [group], environment: "pr-42", base: true, target: target() });
    assert.deepEqual(servers, []);
    assert.deepEqual(
      resources.map(({ server }) => server),
      ["postgres", "postgres-other"],
    );
    assert.match(resources[0]?.name ?? "", /^s_shop_pr_42_a_one_[0-9a-f]{8}$/);
    assert.deepEqual([variables[0]?.source, variables[0]?.state], ["provisioned", "ready"]);
  });

  it("has its credentials created like any environment on the target", () => {
    const request = { groups: [group], environment: "pr-42", base: true, target: target({ credential: "broker" }) };
    assert.deepEqual([variable("ONE", request).entry, variable("ONE", request).writer], ["shop/pr-42/a/one", "broker"]);
  });
});

describe("a kind without servers on a target", () => {
  const group = settings("a", {
    one: bucket(),
    two: bucket({ server: "other" }),
    db: postgresUrl({ version: "17" }),
    old: postgresUrl({ version: "15" }),
    cache: redisUrl({ server: "main" }),
    queue: redisUrl({ server: "main" }),
  });

  it("has resources without planned servers", () => {
    const { servers, resources } = planned({ groups: [group], target: target({ server: false }) });
    assert.deepEqual(servers, []);
    assert.deepEqual(
      resources.map(({ id, hosting }) => [id, hosting]),
      ["a.one", "a.two", "a.db", "a.old", "a.cache", "a.queue"].map((id) => [id, "own"]),
    );
  });

  it("has no server conflicts between settings", () => {
    const codes = (server: boolean) => planned({ groups: [group], target: target({ server }) }).problems.map(({ code }) => code);
    assert.deepEqual(codes(true), ["SERVER_VERSIONS", "SERVER_NOT_SHARED"]);
    assert.deepEqual(codes(false), []);
  });
});
