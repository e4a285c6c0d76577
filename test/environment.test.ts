import assert from "node:assert/strict";
import fc from "fast-check";
import { environmentOf, environmentTypes, profiles, runtimeEnvironment } from "../lib/environment";
import { errorOf } from "./support/errors";

describe("the environment of a stack's name", () => {
  for (const [type, names] of Object.entries({
    production: ["production", "prod"],
    test: ["test", "staging", "ci"],
    development: ["development", "dev"],
    preview: ["preview-fix-login", "preview-1", "pr-42"],
  })) {
    it(`is ${type} for ${names.join(", ")}`, () => {
      for (const name of names) assert.deepEqual(environmentOf(name), { name, type });
    });
  }

  for (const name of ["", "Production", "prod-eu", "production2", "qa", "pr-", "pr-x", "pr-42-b", "preview-", "testing", "local"]) {
    it(`is an error for ${JSON.stringify(name)}, which shows the mapping to write`, () => {
      const error = errorOf(() => environmentOf(name));
      assert.equal(error.code, "ENVIRONMENT_UNKNOWN");
      assert.ok(error.message.includes(`{ name: ${JSON.stringify(name)}, type: "test" }`), error.message);
      for (const word of ["production", "staging", "dev", "preview-<name>", "pr-<number>"]) assert.ok(error.message.includes(word), word);
    });
  }

  it("can be said, whatever its name", () => {
    assert.deepEqual(environmentOf({ name: "shop-eu", type: "production" }), { name: "shop-eu", type: "production" });
    assert.equal(errorOf(() => environmentOf({ name: "shop-eu", type: "live" as never })).code, "ENVIRONMENT_UNKNOWN");
  });

  it("is never guessed", () => {
    fc.assert(
      fc.property(fc.string(), (name) => {
        fc.pre(!/^(production|prod|test|staging|ci|development|dev|preview.*|pr-\d+)$/.test(name));
        assert.throws(() => environmentOf(name), { code: "ENVIRONMENT_UNKNOWN" });
      }),
    );
  });
});

describe("the environment at run time", () => {
  const type = (env: Record<string, string>) => runtimeEnvironment(env).type;

  it("is what ENDOW_ENVIRONMENT says, else ENVIRONMENT, else NODE_ENV", () => {
    const all = { ENDOW_ENVIRONMENT: "staging", ENVIRONMENT: "pr-7", NODE_ENV: "production" };
    assert.equal(type(all), "test");
    assert.equal(type({ ...all, ENDOW_ENVIRONMENT: "" }), "preview");
    assert.equal(type({ NODE_ENV: "production" }), "production");
  });

  it("is development where nothing says production", () => {
    assert.equal(type({}), "development");
    for (const NODE_ENV of ["", "test", "development", "prod"]) assert.equal(type({ NODE_ENV }), "development");
  });

  it("is an error when a variable holds an unknown name", () => {
    for (const variable of ["ENDOW_ENVIRONMENT", "ENVIRONMENT"]) {
      const error = errorOf(() => runtimeEnvironment({ [variable]: "live", NODE_ENV: "production" }));
      assert.equal(error.code, "ENVIRONMENT_UNKNOWN");
      assert.equal(error.problems[0]?.path, variable);
      assert.match(error.problems[0]?.fix ?? "", new RegExp(`set ${variable}`));
    }
  });
});

describe("a profile", () => {
  it("exists for every type of environment", () => assert.deepEqual(Object.keys(profiles).toSorted(), [...environmentTypes].toSorted()));

  it("protects data in production and test, and ends previews", () => {
    assert.deepEqual(
      environmentTypes.filter((type) => profiles[type].protected),
      ["production", "test"],
    );
    assert.deepEqual(
      environmentTypes.filter((type) => profiles[type].timeToLiveHours !== undefined),
      ["preview"],
    );
    assert.ok(profiles.production.highlyAvailable && profiles.production.backupDays >= 7);
  });
});
