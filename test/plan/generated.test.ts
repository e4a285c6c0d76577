import assert from "node:assert/strict";
import { keyPair, secret, settings, type PlanRequest } from "../../lib/index";
import { undecided, type TargetFacts } from "../../lib/plan/facts";
import { planned, variable } from "./shop";

const shared = settings("shared", {
  token: secret({ generate: { bytes: 32, as: "hex" }, alias: "OLD_TOKEN", formerly: ["shared.key"] }),
  jwt: keyPair({ type: "ed25519" }),
  next: secret({ fallback: "token" }),
});
const container = "shop/production/shared";

const target = (generated?: TargetFacts["generated"]): TargetFacts => {
  const { generated: _, ...facts } = undecided();
  return { ...facts, name: "cloud", ...(generated && { generated }) };
};
const plan = (request: Partial<PlanRequest> = {}) => planned({ groups: [shared], ...request });
const rows = (request: Partial<PlanRequest> = {}) =>
  plan(request).variables.map(({ name, source, state, from, entry, writer }) => [name, source, state, from, entry, writer]);

describe("a plan of generated settings", () => {
  it("needs no value for them, in any environment: the deploy makes and writes them", () => {
    for (const environment of ["production", "dev", "staging", "pr-42"]) assert.deepEqual(plan({ environment }).missing, []);
    assert.deepEqual(rows(), [
      ["TOKEN", "generated", "ready", undefined, container, "deploy"],
      ["JWT_PRIVATE_KEY", "generated", "ready", undefined, container, "deploy"],
      ["JWT_PUBLIC_KEY", "generated", "ready", undefined, container, "deploy"],
      ["NEXT", "generated", "ready", "TOKEN", container, "deploy"],
    ]);
    assert.deepEqual(plan().generated, [
      {
        id: "shared.token",
        formerly: ["shared.key"],
        setting: "shared.token",
        kind: "secret",
        generation: { make: "bytes", bytes: 32, as: "hex" },
        by: "deploy",
      },
      { id: "shared.jwt", formerly: [], setting: "shared.jwt", kind: "keyPair", generation: { make: "ed25519" }, by: "deploy" },
    ]);
  });

  it("has the broker write both halves of a key pair, as one entry", () => {
    assert.deepEqual(rows({ target: target("broker") }), [
      ["TOKEN", "generated", "ready", undefined, `${container}/token`, "broker"],
      ["JWT_PRIVATE_KEY", "generated", "ready", undefined, `${container}/jwt`, "broker"],
      ["JWT_PUBLIC_KEY", "generated", "ready", undefined, `${container}/jwt`, "broker"],
      ["NEXT", "generated", "ready", "TOKEN", `${container}/token`, "broker"],
    ]);
    assert.deepEqual(
      plan({ target: target("broker") }).generated.map(({ by }) => by),
      ["broker", "broker"],
    );
    assert.deepEqual(plan({ target: target("broker") }).grants[0]?.entries, [`${container}/token`, `${container}/jwt`]);
  });

  it("generates no value that is supplied under its own name or an alias", () => {
    const given = { OLD_TOKEN: true, JWT_PRIVATE_KEY: true, JWT_PUBLIC_KEY: "public" } as const;
    const request = { supplied: given, target: target("broker") };
    assert.deepEqual(plan(request).generated, []);
    assert.deepEqual(
      rows(request).map(([name, source, , from]) => [name, source, from]),
      [
        ["TOKEN", "supplied", "OLD_TOKEN"],
        ["JWT_PRIVATE_KEY", "supplied", undefined],
        ["JWT_PUBLIC_KEY", "supplied", undefined],
        ["NEXT", "supplied", "OLD_TOKEN"],
      ],
    );
  });

  it("requires both halves of a key pair if one is supplied", () => {
    const { problems } = plan({ supplied: { JWT_PRIVATE_KEY: true } });
    assert.deepEqual(
      problems.map(({ code, path }) => [code, path]),
      [["SUPPLIED_INCOMPLETE", "JWT_PUBLIC_KEY"]],
    );
  });

  it("lists them as missing on a target that cannot generate them, and says so", () => {
    const { missing, generated } = plan({ target: target() });
    assert.deepEqual(generated, []);
    assert.deepEqual(
      missing.map(({ message }) => message),
      [
        "TOKEN must be supplied, because the target cloud cannot generate it",
        "JWT_PRIVATE_KEY and JWT_PUBLIC_KEY must be supplied, because the target cloud cannot generate it",
      ],
    );
    assert.deepEqual([variable("TOKEN", { groups: [shared], target: target() }).state], ["missing"]);
    assert.deepEqual(plan({ target: target(), supplied: { TOKEN: true, JWT_PRIVATE_KEY: true, JWT_PUBLIC_KEY: "public" } }).missing, []);
  });

  it("has a setting of two groups once", () => {
    const web = settings.extend(shared, "web", { own: secret({ generate: true }) });
    assert.deepEqual(
      planned({ groups: [shared, web] }).generated.map(({ setting }) => setting),
      ["shared.token", "shared.jwt", "web.own"],
    );
  });
});
