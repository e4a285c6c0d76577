import assert from "node:assert/strict";
import fc from "fast-check";
import {
  groupName,
  isReserved,
  leaseName,
  ownerName,
  screamingSnake,
  serverName,
  settingName,
  soundsSecret,
  variableName,
  withSuffix,
} from "../lib/names";

const id = fc.stringMatching(/^[a-zA-Z][\w.-]{0,80}$/);
const nearlySame = fc.stringMatching(/^[ab](\.|_|-)?[abAB](\.|_|-)?[abAB]$/);
const name = fc.stringMatching(settingName).filter((text) => text.length < 60);

describe("names", () => {
  for (const [from, to] of [
    ["databaseUrl", "DATABASE_URL"],
    ["database_url", "DATABASE_URL"],
    ["databaseURL", "DATABASE_URL"],
    ["parseHTMLFile", "PARSE_HTML_FILE"],
    ["s3Bucket", "S3_BUCKET"],
    ["oauth2ClientId", "OAUTH2_CLIENT_ID"],
    ["web-api", "WEB_API"],
    ["x", "X"],
  ] as const) {
    it(`turn ${from} into ${to}`, () => assert.equal(screamingSnake(from), to));
  }

  it("of settings always become valid variable names", () => {
    fc.assert(fc.property(name, (text) => assert.match(screamingSnake(text), variableName)));
  });

  it("of settings and groups are camelCase or snake_case", () => {
    for (const good of ["databaseUrl", "s3_bucket", "a", "a1B2"]) assert.match(good, settingName);
    for (const bad of ["", "DatabaseUrl", "database-url", "1st", "_x", "a__b", "a_", "a b", "ä", "__proto__"])
      assert.doesNotMatch(bad, settingName);
    for (const good of ["shared", "web-api", "web_api", "webApi", "a1"]) assert.match(good, groupName);
    for (const bad of ["", "Shared", "web.api", "web/api", "-a", "a-", "a b"]) assert.doesNotMatch(bad, groupName);
  });

  it("append a suffix after an underscore, and ignore an empty one", () => {
    assert.equal(withSuffix("UPLOADS", "REGION"), "UPLOADS_REGION");
    assert.equal(withSuffix("DATABASE_URL", ""), "DATABASE_URL");
  });
});

describe("the name of a lease", () => {
  it("is readable for a setting's default id", () => {
    assert.equal(leaseName("shared.databaseUrl"), "shared_database_url");
    assert.equal(leaseName("web.s3Bucket"), "web_s3_bucket");
  });

  it("is valid on every server", () => {
    fc.assert(fc.property(fc.oneof(id, nearlySame), (text) => assert.match(leaseName(text), /^[a-z][a-z0-9_]{0,53}$/)));
  });

  it("leaves room for its owner's, which is never another lease's", () => {
    fc.assert(fc.property(fc.oneof(id, nearlySame), (text) => assert.ok(ownerName(leaseName(text)).length <= 63)));
    for (const taken of ["shared.ordersOwner", "shared.owner", "shared.orders_owner"]) assert.doesNotMatch(leaseName(taken), /_owner$/);
  });

  it("is unique for each id", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.oneof(id, nearlySame), { minLength: 2, maxLength: 30 }), (ids) => {
        assert.equal(new Set(ids.map(leaseName)).size, ids.length);
      }),
      { numRuns: 500 },
    );
  });

  for (const [one, other] of [
    ["shared.databaseUrl", "sharedDatabase.url"],
    ["shared.databaseUrl", "shared.databaseURL"],
    ["shared.databaseUrl", "shared.database_url"],
    ["web-api.url", "web_api.url"],
    ["web.apiUrl", "webApi.url"],
    ["orders.db", "ordersDb"],
    [`a.${"x".repeat(80)}`, `a.${"x".repeat(81)}`],
  ] as const) {
    it(`distinguishes ${one.slice(0, 30)} from ${other.slice(0, 30)}`, () => assert.notEqual(leaseName(one), leaseName(other)));
  }

  it("is never one that a server reserves", () => {
    for (const taken of ["postgres", "template1", "root", "default", "admin", "pg.monitor", "rds.superuser"])
      assert.match(leaseName(taken), /^s_.*_[0-9a-f]{8}$/, taken);
  });
});

describe("the name of a server", () => {
  it("is readable where possible", () => {
    assert.equal(serverName("postgres"), "postgres");
    assert.equal(serverName("postgres", "main"), "postgres-main");
    assert.equal(serverName("bucket"), "bucket");
    assert.equal(serverName("redis", "shared_redis_url"), "redis-shared-redis-url");
  });

  it("is short enough for every target, and still unique for each lease", () => {
    const [one, other] = ["a", "b"].map((end) => serverName("redis", `${"long_".repeat(11)}${end}`));
    assert.match(one ?? "", /^[a-z][a-z0-9-]{0,40}$/);
    assert.notEqual(one, other);
  });
});

describe("reserved variables", () => {
  it("belong to the system, the runtime or endow", () => {
    for (const taken of ["PATH", "HOME", "NODE_ENV", "NODE_OPTIONS", "LD_PRELOAD", "LC_ALL", "ENDOW_SHARED", "ENVIRONMENT", "CI"])
      assert.ok(isReserved(taken), taken);
    for (const free of ["PORT", "DATABASE_URL", "PATH_PREFIX", "MY_HOME", "LDAP_URL"]) assert.ok(!isReserved(free), free);
  });
});

describe("a name that sounds secret", () => {
  it("contains a word for a secret", () => {
    for (const secret of [
      "stripeApiKey",
      "STRIPE_KEY",
      "db_password",
      "sentryDsn",
      "githubToken",
      "awsCredentials",
      "sessionSecret",
      "openaiApikey",
      "passphrase",
    ])
      assert.ok(soundsSecret(secret), secret);
  });

  it("does not contain the word only as part of another", () => {
    for (const plain of ["monkey", "turkeyUrl", "keyboardLayout", "tokenizer", "secretary", "port"]) assert.ok(!soundsSecret(plain), plain);
  });
});
