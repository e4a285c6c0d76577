import assert from "node:assert/strict";
import { z } from "zod";
import { apiKeys, loadSync, postgresUrl, secret, setting, settings } from "../../lib";
import { errorOf } from "../support/errors";

const SECRET = "hUnTeR2-QqZzXxWw";

describe("one secret in two variables", () => {
  const group = settings("a", {
    one: secret(),
    two: secret({ alias: "OLD_NAME" }),
    three: secret({ alias: "OLD_NAME", fallback: "one" }),
    four: secret({ fallback: "one" }),
    text: setting(z.string(), { env: "TEXT" }),
  });
  const distinct = { ONE: SECRET, TWO: `${SECRET}-2`, THREE: `${SECRET}-3`, TEXT: "plain" };
  const loaded = (env: Record<string, string>, environment = "production") => loadSync(group, { env, environment });

  it("is refused in production, naming the variables and never the value", () => {
    const apart = settings("a", { one: secret(), two: secret(), three: secret() });
    const error = errorOf(() => loadSync(apart, { env: { ONE: SECRET, TWO: SECRET, THREE: SECRET }, environment: "production" }));
    assert.deepEqual(
      error.problems.map(({ code, path, message }) => ({ code, path, message })),
      ["TWO", "THREE"].map((name) => ({
        code: "SETTING_REUSED",
        path: name,
        message: `ONE and ${name} hold the same secret, which production refuses`,
      })),
    );
    assert.ok(!JSON.stringify(error.problems).includes(SECRET) && !error.message.includes(SECRET));
  });

  it("is refused wherever the two come from", () => {
    const mixed = settings("a", { token: secret({ alias: "OLD_TOKEN" }), other: secret() });
    assert.deepEqual(
      errorOf(() => loadSync(mixed, { env: { OLD_TOKEN: SECRET, OTHER: SECRET }, environment: "production" })).problems.map(
        ({ message }) => message,
      ),
      ["OLD_TOKEN and OTHER hold the same secret, which production refuses"],
    );
  });

  it("is accepted if two settings point to the same resource", () => {
    const url = `postgresql://app:${SECRET}@db/shop`;
    const direct = settings("a", { databaseUrl: postgresUrl(), directUrl: postgresUrl() });
    assert.equal(loadSync(direct, { env: { DATABASE_URL: url, DIRECT_URL: url }, environment: "production" }).directUrl.reveal(), url);
  });

  it("is refused if it is one of several API keys", () => {
    const api = settings("a", { apiKeys: apiKeys(), token: secret(), spare: apiKeys({ fallback: "apiKeys" }) });
    const env = { API_KEYS: `${SECRET}-1:web,${SECRET}:mobile`, TOKEN: SECRET };
    assert.deepEqual(
      errorOf(() => loadSync(api, { env, environment: "production" })).problems.map(({ message }) => message),
      ["API_KEYS and TOKEN hold the same secret, which production refuses"],
    );
    assert.equal(loadSync(api, { env: { ...env, TOKEN: `${SECRET}-3` }, environment: "production" }).spare.length, 2);
  });

  it("is accepted in every other environment", () => {
    for (const environment of ["staging", "development", "pr-1"])
      assert.equal(loaded({ ...distinct, TWO: SECRET }, environment).two.reveal(), SECRET);
  });

  it("is accepted if a setting falls back to another one, or both share an alias", () => {
    const { TEXT } = distinct;
    assert.equal(loaded({ ONE: SECRET, TWO: distinct.TWO, TEXT }).four.reveal(), SECRET);
    assert.equal(loaded({ ONE: SECRET, OLD_NAME: distinct.TWO, TEXT }).three.reveal(), distinct.TWO);
  });

  it("is accepted if one value was delivered under the names of settings that share it", () => {
    const { TEXT } = distinct;
    const fallback = { ONE: SECRET, TWO: distinct.TWO, THREE: SECRET, FOUR: SECRET, TEXT };
    assert.equal(loaded(fallback).four.reveal(), SECRET);
    assert.equal(loaded({ ...distinct, TWO: distinct.THREE, OLD_NAME: distinct.THREE }).two.reveal(), distinct.THREE);
  });

  it("is accepted if one of the two is not secret", () => assert.equal(loaded({ ...distinct, TEXT: SECRET }).text, SECRET));
});
