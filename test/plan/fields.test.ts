import assert from "node:assert/strict";
import { bucket, postgresUrl, redisUrl, secret, settings, type Group, type PlanRequest } from "../../lib";
import { plan } from "../../lib/plan";
import { localFacts } from "../../lib/local/facts";
import { deliveredValues } from "../../lib/plan/delivered";
import { loadSync } from "../../lib";
import { registerSecret } from "../support/secrets";

const HIDDEN = registerSecret("hUnTeR2-QqZzXxWw");
const FIELDS = { host: "127.0.0.1", port: 6000, database: "shop", username: "app", password: HIDDEN, tls: { mode: "off" } } as const;
const planned = (group: Group, request: Partial<PlanRequest> = {}) =>
  plan({ project: "shop", groups: [group], environment: "dev", target: localFacts, ...request });
const deliveredBy = (group: Group, supplied: Readonly<Record<string, string>> = {}, fields: object = FIELDS) => {
  const result = planned(group, {
    supplied: Object.fromEntries(Object.keys(supplied).map((name) => [name, true])),
    configured: Object.keys(supplied),
  });
  assert.deepEqual(result.problems, []);
  return deliveredValues(result, [group], { fieldsOf: () => fields, supplied });
};

describe("what is delivered", () => {
  const group = settings("a", {
    db: postgresUrl({
      variables: {
        url: ["DATABASE_URL", "POSTGRES_URL"],
        host: "DB_HOST",
        port: "DB_PORT",
        username: "DB_USER",
        password: "DB_PASS",
        database: "DB_NAME",
        tls: "DB_SSL",
      },
      derive: { SPRING_DATASOURCE_URL: "jdbc:postgresql://{host}:{port}/{database}", DSN: "host={host} password={password:libpq}" },
    }),
    directUrl: postgresUrl({ scheme: "postgresql+asyncpg", fallback: "db", variables: { username: "DIRECT_USER" } }),
  });

  it("is every field under each of its names, derived variables, and fallbacks in their own form", () => {
    const url = `postgresql://app:${HIDDEN}@127.0.0.1:6000/shop`;
    assert.deepEqual(deliveredBy(group), {
      DATABASE_URL: url,
      POSTGRES_URL: url,
      DB_HOST: "127.0.0.1",
      DB_PORT: "6000",
      DB_USER: "app",
      DB_PASS: HIDDEN,
      DB_NAME: "shop",
      DB_SSL: "false",
      SPRING_DATASOURCE_URL: "jdbc:postgresql://127.0.0.1:6000/shop",
      DSN: `host=127.0.0.1 password='${HIDDEN}'`,
      DIRECT_URL: url.replace("postgresql:", "postgresql+asyncpg:"),
      DIRECT_USER: "app",
    });
  });

  it("spells true and false as the app does", () => {
    const spelled = settings("a", {
      db: postgresUrl({ variables: { url: false, tls: "DB_SSL" }, boolean: "True" }),
      cache: redisUrl({ variables: { tls: "REDIS_SSL" }, boolean: "1" }),
      files: bucket({ variables: { tls: "S3_SSL", pathStyle: "S3_PATH_STYLE" }, boolean: "yes" }),
    });
    const values = deliveredBy(
      spelled,
      {},
      { ...FIELDS, tls: { mode: "require" }, bucket: "shop-files", region: "eu-west-1", database: 0 },
    );
    assert.deepEqual(
      ["DB_SSL", "REDIS_SSL", "S3_SSL", "S3_PATH_STYLE"].map((name) => values[name]),
      ["True", "1", "yes", "no"],
    );
    assert.equal(
      loadSync(settings("a", { files: bucket({ env: "FILES", variables: { pathStyle: "S3_PATH_STYLE" } }) }), { env: values }).files
        .pathStyle,
      false,
    );
  });

  it("is what load() reads", () => {
    const config = loadSync(group, { env: deliveredBy(group) });
    assert.equal(config.directUrl.scheme, "postgresql+asyncpg");
    assert.equal(config.db.password.reveal(), HIDDEN);
  });

  it("is only the supplied form, derived variables, and whole fallbacks", () => {
    const url = `postgresql://me:${HIDDEN}@db.example/mine`;
    assert.deepEqual(deliveredBy(group, { POSTGRES_URL: url }), {
      DATABASE_URL: url,
      POSTGRES_URL: url,
      SPRING_DATASOURCE_URL: "jdbc:postgresql://db.example:5432/mine",
      DSN: `host=db.example password='${HIDDEN}'`,
      DIRECT_URL: url,
      DIRECT_USER: "me",
    });
    const parts = { DB_HOST: "h", DB_USER: "u", DB_PASS: HIDDEN, DB_NAME: "d" };
    assert.deepEqual(deliveredBy(group, parts), {
      ...parts,
      SPRING_DATASOURCE_URL: "jdbc:postgresql://h:5432/d",
      DSN: `host=h password='${HIDDEN}'`,
      DIRECT_URL: `postgresql+asyncpg://u:${HIDDEN}@h:5432/d`,
      DIRECT_USER: "u",
    });
  });

  it("is a derived variable's own value if supplied", () => {
    assert.equal(deliveredBy(group, { SPRING_DATASOURCE_URL: "jdbc:mine" })["SPRING_DATASOURCE_URL"], "jdbc:mine");
    const row = planned(group, { supplied: { SPRING_DATASOURCE_URL: "jdbc:mine" } }).variables.find(
      ({ name }) => name === "SPRING_DATASOURCE_URL",
    );
    assert.deepEqual([row?.source, row?.state, row?.derived], ["supplied", "ready", true]);
  });

  it("is a problem where a derived variable would silently be absent, because the value is in a store", () => {
    const names = { SPRING_DATASOURCE_URL: true, DSN: true } as const;
    const problems = planned(group, { environment: "staging", supplied: { DATABASE_URL: true } }).problems.map(({ code, message }) => [
      code,
      message,
    ]);
    assert.deepEqual(
      problems,
      Object.keys(names).map((name) => [
        "DERIVED_UNKNOWN",
        `${name} cannot be derived: the value of DATABASE_URL is not known before the app starts`,
      ]),
    );
    assert.deepEqual(planned(group, { supplied: { DATABASE_URL: true } }).problems, [], "in development, the table says so");
    assert.deepEqual(planned(group, { environment: "staging", supplied: { DATABASE_URL: true, ...names } }).problems, []);
    assert.deepEqual(
      planned(group, { environment: "staging", supplied: { DATABASE_URL: true }, configured: ["DATABASE_URL"] }).problems,
      [],
    );
  });

  it("is marked secret as soon as one field is, and written by that field's writer", () => {
    const cloud = {
      ...localFacts,
      kinds: { postgres: { server: true, findsServer: true, credential: "broker", optionalFields: [] } },
    } as const;
    const rows = new Map(planned(group, { target: cloud }).variables.map((row) => [row.name, [row.secret, row.writer, row.entry]]));
    assert.deepEqual(rows.get("SPRING_DATASOURCE_URL"), [false, "deploy", "shop/dev/a"]);
    for (const name of ["DSN", "DATABASE_URL", "DB_PASS", "DIRECT_URL"])
      assert.deepEqual(rows.get(name), [true, "broker", "shop/dev/a/db"], name);
    assert.deepEqual(rows.get("DB_HOST"), [false, "deploy", "shop/dev/a"]);
  });

  it("is one row for a variable that settings share, if both are on one server", () => {
    const variables = { host: "DB_HOST", port: "DB_PORT" };
    const two = settings("a", { main: postgresUrl({ variables }), reports: postgresUrl({ variables }) });
    const rows = planned(two).variables.filter(({ name }) => name === "DB_HOST");
    assert.deepEqual(
      rows.map(({ setting }) => setting),
      ["a.main"],
    );
    for (const request of [{ hosting: { "a.main": "none" } }, { supplied: { REPORTS: true } }] as const)
      assert.deepEqual(
        planned(two, request).problems.map(({ code, path }) => `${code} ${path}`),
        ["VARIABLE_CLASH DB_HOST", "VARIABLE_CLASH DB_PORT"],
      );
  });

  it("leaves an empty prefix out of a derived variable, and the rest of it in", () => {
    const cache = settings("a", {
      cache: redisUrl({ derive: { CELERY_BROKER_URL: "{url}/1", QUEUE: "{prefix}jobs", ADDRESS: "{host}:{port}" } }),
    });
    const values = deliveredBy(cache, {}, { ...FIELDS, port: 6379, database: 0 });
    assert.equal(values["QUEUE"], "jobs");
    assert.equal(values["ADDRESS"], "127.0.0.1:6379");
  });

  it("names what must be supplied by the first form", () => {
    const missing = (one: Group) =>
      plan({ project: "shop", groups: [one], environment: "production", supplied: {}, target: { ...localFacts, kinds: {} } });
    const only = settings("a", {
      token: secret({ variables: { value: ["A_TOKEN", "B_TOKEN"] } }),
      files: bucket({ requiredIn: ["test"] }),
    });
    assert.deepEqual(
      missing(only).missing.map(({ variables, message }) => [variables, message]),
      [[["A_TOKEN"], "A_TOKEN must be configured"]],
    );
  });
});
