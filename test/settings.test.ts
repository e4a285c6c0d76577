import assert from "node:assert/strict";
import { z } from "zod";
import { load, loadSync, postgresUrl, secret, settings } from "../lib/index";
import { isGroup } from "../lib/settings";
import { errorOf } from "./support/errors";

const shared = settings(
  "shared",
  { databaseUrl: postgresUrl(), mode: z.enum(["a", "b"]).default("a"), token: secret().optional() },
  { requiredWhen: { token: { mode: "b" } }, check: ({ mode }) => mode === "a" || "mode must be a" },
);
const env = { DATABASE_URL: "postgresql://app:word@db/shop" };

describe("a group", () => {
  it("is recognized as one, and nothing else is", () => {
    assert.ok(isGroup(shared));
    for (const value of [undefined, null, {}, "shared", z.object({}), { type: "group" }]) assert.ok(!isGroup(value));
  });

  it("cannot be changed", () => assert.ok(Object.isFrozen(shared)));

  it("is declared without any values: a build needs no secrets", () => {
    const before = { ...process.env };
    settings("needy", { databaseUrl: postgresUrl({ requiredIn: ["production", "development"] }), token: secret(), port: z.number() });
    assert.deepEqual({ ...process.env }, before);
  });
});

describe("an extended group", () => {
  const web = settings.extend(shared, "web", { port: z.number().default(8000), webToken: secret({ fallback: "token" }) });

  it("has its own settings and those of its base, which still belong to the base", () => {
    assert.deepEqual(
      web.definitions.map(({ id, group }) => ({ id, group })),
      [
        { id: "shared.databaseUrl", group: "shared" },
        { id: "shared.mode", group: "shared" },
        { id: "shared.token", group: "shared" },
        { id: "web.port", group: "web" },
        { id: "web.webToken", group: "web" },
      ],
    );
    assert.equal(web.definitions[0], shared.definitions[0]);
  });

  it("loads both", async () => {
    const config = await load(web, { env: { ...env, TOKEN: "t0ken-of-two" } });
    assert.equal(config.port, 8000);
    assert.equal(config.databaseUrl.host, "db");
    assert.equal(config.webToken?.reveal(), "t0ken-of-two");
  });

  it("keeps the conditions and checks of its base", () => {
    const error = errorOf(() => loadSync(web, { env: { ...env, MODE: "b" } }));
    assert.deepEqual(
      error.problems.map(({ message }) => message),
      ['TOKEN is required when MODE is "b"'],
    );
    assert.match(errorOf(() => loadSync(web, { env: { ...env, MODE: "b", TOKEN: "t0ken-of-two" } })).message, /mode must be a/);
  });

  it("has its own checks, across all its settings", () => {
    const strict = settings.extend(shared, "strict", { port: z.number() }, { check: ({ port, mode }) => `port ${port}, mode ${mode}` });
    assert.match(errorOf(() => loadSync(strict, { env: { ...env, PORT: "1" } })).message, /port 1, mode a/);
  });

  it("has conditions on its own settings that depend on those of its base", () => {
    const more = settings.extend(shared, "more", { extra: secret().optional() }, { requiredWhen: { extra: { mode: "a" } } });
    assert.match(errorOf(() => loadSync(more, { env })).message, /EXTRA is required when MODE is "a"/);
  });

  it("can neither redeclare a setting of its base nor put a condition on it", () => {
    const extend = settings.extend as unknown as (...all: unknown[]) => unknown;
    const again = errorOf(() => extend(shared, "web", { mode: z.string() }));
    assert.deepEqual(
      again.problems.map(({ message }) => message),
      ['web.mode is already a setting of "shared"'],
    );
    const conditioned = errorOf(() => extend(shared, "web", { port: z.number() }, { requiredWhen: { databaseUrl: { port: 1 } } }));
    assert.deepEqual(
      conditioned.problems.map(({ message }) => message),
      ['requiredWhen names "databaseUrl", a setting of "shared"'],
    );
  });

  it("cannot reuse a variable or an id of its base", () => {
    const extend = settings.extend as unknown as (...all: unknown[]) => unknown;
    assert.match(errorOf(() => extend(shared, "web", { other: secret({ env: "DATABASE_URL" }) })).message, /which shared\.databaseUrl/);
    assert.match(errorOf(() => extend(shared, "web", { other: secret({ id: "shared.token" }) })).message, /has the id "shared\.token"/);
  });

  it("can be extended again", () => {
    const third = settings.extend(web, "third", { z: z.string().default("z") });
    assert.deepEqual([...new Set(third.definitions.map(({ group }) => group))], ["shared", "web", "third"]);
  });
});
