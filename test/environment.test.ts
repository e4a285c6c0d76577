import assert from "node:assert/strict";
import fc from "fast-check";
import {
  environmentOf,
  environmentTypes,
  profileOf,
  profileProblems,
  runtimeEnvironment,
  type EnvironmentType,
  type ProfileChanges,
} from "../lib/environment";
import { plan } from "../lib/plan";
import { shared } from "./plan/shop";
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
    it(`is an error for ${JSON.stringify(name)}, which shows how to state the type`, () => {
      const error = errorOf(() => environmentOf(name));
      assert.equal(error.code, "ENVIRONMENT_UNKNOWN");
      assert.ok(error.message.includes(`{ name: ${JSON.stringify(name)}, type: "test" }`), error.message);
      for (const word of ["production", "staging", "dev", "preview-<name>", "pr-<number>"]) assert.ok(error.message.includes(word), word);
    });
  }

  it("can have its type stated, whatever its name", () => {
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

  it("comes from ENDOW_ENVIRONMENT, else ENVIRONMENT, else NODE_ENV", () => {
    const all = { ENDOW_ENVIRONMENT: "staging", ENVIRONMENT: "pr-7", NODE_ENV: "production" };
    assert.equal(type(all), "test");
    assert.equal(type({ ...all, ENDOW_ENVIRONMENT: "" }), "preview");
    assert.equal(type({ NODE_ENV: "production" }), "production");
  });

  it("defaults to development", () => {
    assert.equal(type({}), "development");
    for (const NODE_ENV of ["", "test", "development", "prod"]) assert.equal(type({ NODE_ENV }), "development");
  });

  it("is an error when ENDOW_ENVIRONMENT holds an unknown name, whose fix recommends no environment", () => {
    const { code, problems } = errorOf(() =>
      runtimeEnvironment({ ENDOW_ENVIRONMENT: "live", ENVIRONMENT: "staging", NODE_ENV: "production" }),
    );
    assert.equal(code, "ENVIRONMENT_UNKNOWN");
    assert.deepEqual(
      problems.map(({ path, fix }) => [path, fix]),
      [["ENDOW_ENVIRONMENT", "set ENDOW_ENVIRONMENT to one of these names, or unset it"]],
    );
  });

  it("ignores an ENVIRONMENT with the app's own value", () => {
    for (const ENVIRONMENT of ["local", "live", "PRODUCTION", "prod-eu", "preview-", " "]) {
      assert.equal(type({ ENVIRONMENT }), "development", ENVIRONMENT);
      assert.equal(type({ ENVIRONMENT, NODE_ENV: "production" }), "production", ENVIRONMENT);
    }
    assert.equal(type({ ENVIRONMENT: "staging", NODE_ENV: "production" }), "test");
  });
});

describe("a profile", () => {
  const of = (type: EnvironmentType, changes?: ProfileChanges) => profileOf({ name: "x", type }, changes);

  it("exists for every environment type, and protects data in production and test", () => {
    assert.deepEqual(
      environmentTypes.filter((type) => of(type).protected),
      ["production", "test"],
    );
    assert.ok(of("production").highlyAvailable && of("production").backupDays >= 7);
  });

  it("limits the lifetime of previews only", () =>
    assert.deepEqual(
      environmentTypes.filter((type) => of(type).timeToLiveHours > 0),
      ["preview"],
    ));

  it("can be overridden by the project, per type and field", () => {
    const changes = { test: { highlyAvailable: true, backupDays: 3, size: undefined }, preview: { timeToLiveHours: 0 } } as const;
    assert.deepEqual(profileProblems(changes), []);
    assert.deepEqual(of("test", changes), { ...of("test"), highlyAvailable: true, backupDays: 3 });
    assert.deepEqual(of("preview", changes), { ...of("preview"), timeToLiveHours: 0 });
    assert.deepEqual(of("production", changes), of("production"));
  });

  for (const [changes, problem] of [
    [{ prod: {} }, 'environments has no "prod"; use production, test, development, preview'],
    [{ test: { backups: 1 } }, 'environments.test has no "backups"; use size, highlyAvailable, backupDays, protected, timeToLiveHours'],
    [{ test: { backupDays: -1 } }, "environments.test.backupDays must be 0 or more; correct it"],
    [{ test: { backupDays: 1.5 } }, "environments.test.backupDays must be a whole number; correct it"],
    [{ test: { backupDays: "7" } }, "environments.test.backupDays must be a whole number; correct it"],
    [{ preview: { timeToLiveHours: Infinity } }, "environments.preview.timeToLiveHours must be a whole number; correct it"],
    [{ production: { protected: "no" } }, "environments.production.protected must be true or false; correct it"],
    [{ production: { size: "huge" } }, 'environments.production.size must be "small" or "standard"; correct it'],
    [{ production: null }, "environments.production must be an object; correct it"],
    [[], "environments must be an object; correct it"],
  ] as const)
    it(`is unchanged by the invalid ${JSON.stringify(changes)}, which is one clear problem in every environment`, () => {
      assert.deepEqual(
        profileProblems(changes).map(({ message, fix }) => `${message}; ${fix}`),
        [problem],
      );
      for (const type of environmentTypes) assert.deepEqual(of(type, changes as ProfileChanges), of(type));
    });

  it("is part of the plan, which reports invalid overrides", () => {
    const planned = (environments: ProfileChanges) => plan({ project: "shop", groups: [shared], environment: "staging", environments });
    const changed = planned({ test: { protected: false, backupDays: 3 } });
    assert.deepEqual([changed.profile.protected, changed.profile.backupDays, changed.problems], [false, 3, []]);
    assert.deepEqual([...new Set(changed.resources.map(({ protected: kept }) => kept))], [false]);
    const refused = planned({ preview: { backupDays: -1 } });
    assert.deepEqual(
      refused.problems.map(({ code, path }) => [code, path]),
      [["PROFILE_INVALID", "environments.preview.backupDays"]],
    );
  });
});
