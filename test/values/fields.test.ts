import assert from "node:assert/strict";
import { bucket, fake, keyPair, loadSync, postgresUrl, redisUrl, secret, settings } from "../../lib";
import { errorOf } from "../support/errors";
import { registerSecret } from "../support/secrets";

const HIDDEN = registerSecret("hUnTeR2-QqZzXxWw");
const PARTS = { url: false, host: "DB_HOST", port: "DB_PORT", username: "DB_USER", password: "DB_PASS", database: "DB_NAME" } as const;
const parts = settings("a", { legacy: postgresUrl({ variables: PARTS }) });
const both = settings("a", { databaseUrl: postgresUrl({ variables: { ...PARTS, url: "DATABASE_URL" } }) });
const given = { DB_HOST: "db.example", DB_PORT: "5433", DB_USER: "app", DB_PASS: HIDDEN, DB_NAME: "shop" };
const problemsOf = (work: () => unknown) => errorOf(work).problems.map(({ code, path, message }) => `${code} ${path}: ${message}`);

describe("a connection in parts", () => {
  it("is the same connection as the URL of the same parts", () => {
    const { legacy } = loadSync(parts, { env: given });
    assert.deepEqual(
      [legacy.host, legacy.port, legacy.username, legacy.password.reveal(), legacy.database, legacy.tls.mode],
      ["db.example", 5433, "app", HIDDEN, "shop", "off"],
    );
    assert.equal(legacy.reveal(), `postgresql://app:${HIDDEN}@db.example:5433/shop`);
  });

  it("defaults to the protocol's port, and accepts any text as user name and password", () => {
    const { DB_PORT: _, ...rest } = given;
    const { legacy } = loadSync(parts, { env: { ...rest, DB_USER: "a b", DB_PASS: "p@ss/#:?%" } });
    assert.deepEqual([legacy.port, legacy.username, legacy.password.reveal()], [5432, "a b", "p@ss/#:?%"]);
    assert.equal(new URL(legacy.reveal()).password, "p%40ss%2F%23%3A%3F%25");
  });

  it("must be complete, and names what is missing and what is not valid", () => {
    assert.deepEqual(
      problemsOf(() => loadSync(parts, { env: { DB_HOST: "db", DB_USER: "app" } })),
      ["SETTING_INCOMPLETE DB_PASS: DB_PASS and DB_NAME must be set too, because DB_HOST is"],
    );
    for (const [name, text, sentence] of [
      ["DB_HOST", "http://db", "must be a DNS name, an IPv4 address or an IPv6 address"],
      ["DB_PORT", "54x", "must be a port from 1 to 65535"],
      ["DB_NAME", "a/b", "must be a database name: 1 to 63 characters, without ; / ? : @ & = + $ , #"],
    ] as const)
      assert.deepEqual(
        problemsOf(() => loadSync(parts, { env: { ...given, [name]: text } })),
        [`SETTING_INVALID ${name}: ${name} ${sentence}`],
      );
  });

  it("never reads a URL if `url` is false", () => {
    assert.deepEqual(
      problemsOf(() => loadSync(parts, { env: { LEGACY: "postgresql://u:p@h/d" } })).map((one) => one.split(":")[0]),
      ["SETTING_MISSING DB_HOST"],
    );
  });
});

describe("a connection as a URL and in parts", () => {
  it("is complete in either form, and may be given in both if they agree", () => {
    const url = `postgresql://app:${HIDDEN}@DB.example:5433/shop?sslmode=require`;
    assert.equal(loadSync(both, { env: { DATABASE_URL: url } }).databaseUrl.port, 5433);
    assert.equal(loadSync(both, { env: given }).databaseUrl.database, "shop");
    assert.equal(loadSync(both, { env: { ...given, DATABASE_URL: url } }).databaseUrl.reveal(), url);
    assert.equal(loadSync(both, { env: { DATABASE_URL: url, DB_PASS: HIDDEN } }).databaseUrl.reveal(), url);
    const bare = "postgresql://app@db.example/shop";
    assert.equal(loadSync(both, { env: { DATABASE_URL: bare, DB_PORT: "5432" } }).databaseUrl.port, 5432);
  });

  for (const [name, text, what] of [
    ["DB_HOST", "other", "host"],
    ["DB_PORT", "5432", "port"],
    ["DB_USER", "root", "user name"],
    ["DB_PASS", "another", "password"],
    ["DB_NAME", "test", "database"],
  ] as const)
    it(`is refused when the two have a different ${what}, naming both variables and neither value`, () => {
      const env = { DATABASE_URL: `postgresql://app:${HIDDEN}@db.example:5433/shop`, [name]: text };
      assert.deepEqual(
        problemsOf(() => loadSync(both, { env })),
        [`SETTING_INVALID ${name}: ${name} has a different ${what} from DATABASE_URL`],
      );
    });

  it("is decided for each source: an alias may have another form", () => {
    const group = settings("a", {
      databaseUrl: postgresUrl({ alias: { host: "PGHOST", username: "PGUSER", password: "PGPASSWORD", database: "PGDATABASE" } }),
    });
    const env = { PGHOST: "db", PGUSER: "app", PGPASSWORD: HIDDEN, PGDATABASE: "shop" };
    assert.equal(loadSync(group, { env }).databaseUrl.host, "db");
    assert.equal(loadSync(group, { env: { ...env, DATABASE_URL: "postgresql://u:p@h/d" } }).databaseUrl.host, "h");
  });
});

describe("several names of a field", () => {
  const group = settings("a", { token: secret({ variables: { value: ["AUTH_SECRET", "NEXTAUTH_SECRET"] } }) });

  it("are read in turn, and must agree", () => {
    assert.equal(loadSync(group, { env: { NEXTAUTH_SECRET: HIDDEN } }).token.reveal(), HIDDEN);
    assert.equal(loadSync(group, { env: { AUTH_SECRET: HIDDEN, NEXTAUTH_SECRET: HIDDEN } }).token.reveal(), HIDDEN);
    assert.deepEqual(
      problemsOf(() => loadSync(group, { env: { AUTH_SECRET: HIDDEN, NEXTAUTH_SECRET: "other" } })),
      ["SETTING_DIFFERS NEXTAUTH_SECRET: AUTH_SECRET and NEXTAUTH_SECRET have different values, but both name the same value"],
    );
  });
});

describe("names", () => {
  const names = (group: { readonly definitions: readonly { readonly variables: readonly { readonly name: string }[] }[] }) =>
    group.definitions.flatMap(({ variables }) => variables.map(({ name }) => name));

  it("are exact where `variables` gives them, and come from `env` or the prefix elsewhere", () => {
    const group = settings(
      "a",
      {
        databaseUrl: postgresUrl(),
        redis: redisUrl({ variables: { host: "database__redis__host", port: "ConnectionStrings__port", url: false } }),
        files: bucket({
          env: "S3",
          variables: { bucket: "AWS_BUCKET_NAME", region: false, endpoint: ["S3_URL", "S3_ENDPOINT"], prefix: false },
        }),
      },
      { prefix: "APP_" },
    );
    assert.deepEqual(names(group), [
      "APP_DATABASE_URL",
      "database__redis__host",
      "ConnectionStrings__port",
      "APP_REDIS_PREFIX",
      "AWS_BUCKET_NAME",
      "S3_URL",
      "S3_ENDPOINT",
      "S3_ACCESS_KEY_ID",
      "S3_SECRET_ACCESS_KEY",
    ]);
    assert.deepEqual(names(settings.extend(group, "b", { extra: secret() })).at(-1), "EXTRA");
  });

  it("are rejected if they name nothing, an unknown field, or two things", () => {
    const messages = (shape: Parameters<typeof settings>[1], options?: object) =>
      errorOf(() => settings("a", shape, options)).problems.map(({ message }) => message);
    // @ts-expect-error the compiler refuses an unknown field as well
    assert.deepEqual(messages({ db: postgresUrl({ variables: { hostname: "DB" } }) }), [
      'a.db names a variable for "hostname", which is not a field of postgres',
    ]);
    assert.deepEqual(messages({ token: secret({ variables: { value: false } }) }), [
      "a.token has no variables: all of its names are false",
    ]);
    assert.deepEqual(messages({ db: postgresUrl({ variables: { host: "PG", port: "PG" } }) }), ["a.db uses the variable PG twice"]);
    assert.deepEqual(messages({ db: postgresUrl({ derive: { DB: "{url}/1" } }) }), ["a.db uses the variable DB twice"]);
    assert.deepEqual(messages({ db: postgresUrl({ derive: { X: "{hots}", Y: "{host:xml}", Z: "text" } }) }), [
      'a.db derives X from "hots", which is not a field of postgres',
      'a.db derives Y with the unknown encoding "xml"',
      "a.db derives Z without using a field",
    ]);
    for (const prefix of ["my-", "9_"])
      assert.deepEqual(messages({ token: secret() }, { prefix }), [
        'the prefix of group "a" must contain only letters, digits and _, and not start with a digit',
      ]);
  });

  it("are asked for where a value cannot do without a field that has none", () => {
    const problems = (shape: Parameters<typeof settings>[1], env: Record<string, string>) =>
      errorOf(() => loadSync(settings("a", shape), { env })).problems.map(({ message, fix }) => [message, fix]);
    assert.deepEqual(problems({ db: postgresUrl({ variables: { url: false, host: "DB_HOST" } }) }, { DB_HOST: "db" }), [
      [
        "DB_HOST is not enough: the field `database`, which has no variable, must be a database name: 1 to 63 characters, without ; / ? : @ & = + $ , #",
        'name its variable in the declaration: { variables: { database: "..." } }',
      ],
    ]);
    const halves = { B_BUCKET: "uploads", B_REGION: "eu-west-1", B_SECRET_ACCESS_KEY: HIDDEN };
    assert.deepEqual(problems({ b: bucket({ variables: { accessKeyId: false } }) }, halves), [
      [
        "B_BUCKET is not enough: the field `accessKeyId`, which has no variable, must be set, because the other half of the key pair is set",
        'name its variable in the declaration: { variables: { accessKeyId: "..." } }',
      ],
    ]);
    assert.match(
      problems({ keys: keyPair({ variables: { privateKey: false } }) }, { KEYS_PUBLIC_KEY: "key" })[0]?.[0] ?? "",
      /^KEYS_PUBLIC_KEY is not enough: the field `privateKey`/,
    );
  });

  it("of files are not read if the app itself uses them", () => {
    const group = settings("a", { token: secret({ files: false }), tokenFile: secret() });
    assert.equal(loadSync(group, { env: { TOKEN: HIDDEN, TOKEN_FILE: "not a file" } }).tokenFile.reveal(), "not a file");
  });
});

describe("variables that settings share", () => {
  const shape = (server?: string) => ({
    main: postgresUrl({ variables: { host: "DB_HOST", port: "DB_PORT" } }),
    reports: postgresUrl({ variables: { host: "DB_HOST", port: "DB_PORT" }, ...(server !== undefined && { server }) }),
  });

  it("are allowed for the fields of one server, and only there", () => {
    const env = { MAIN: "postgresql://a:b@db/main", REPORTS: "postgresql://a:b@db/reports", DB_HOST: "db", DB_PORT: "5432" };
    assert.equal(loadSync(settings("a", shape()), { env }).reports.database, "reports");
    assert.deepEqual(
      errorOf(() => settings("a", shape("other"))).problems.map(({ message, fix }) => [message, fix]),
      ["DB_HOST", "DB_PORT"].map((name) => [
        `a.reports uses the variable ${name}, which a.main also uses`,
        'rename one of them with { env: "..." } or { variables }, or give both settings the same `server`',
      ]),
    );
    assert.equal(
      errorOf(() =>
        settings("a", { one: postgresUrl({ variables: { password: "PW" } }), two: postgresUrl({ variables: { password: "PW" } }) }),
      ).problems.length,
      1,
    );
  });
});

describe("fake() by field", () => {
  it("accepts the parts of a connection", () => {
    const { legacy } = fake(parts, { legacy: { host: "h", username: "u", password: "p", database: "d" } });
    assert.deepEqual([legacy.host, legacy.database], ["h", "d"]);
  });
});
