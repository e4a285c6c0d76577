import assert from "node:assert/strict";
import { postgresUrl, redisUrl, settings } from "../../lib/index";
import { inputOf, parseSync } from "../../lib/values/parse";
import { textsOfFound } from "../../lib/values/written";

const shared = settings("shared", {
  databaseUrl: postgresUrl({
    variables: { host: "DB_HOST", database: "DB_NAME" },
    derive: { JDBC: "jdbc:postgresql://{host}:{port}/{database}", COPY: "{url}" },
  }),
  redisUrl: redisUrl({ variables: { host: "REDIS_HOST" }, derive: { BROKER: "{url}/1" } }),
});

/** What a setting's variables are when a user supplied these texts. */
const textsOf = (name: string, found: Record<string, string>, everyField = false) => {
  const definition = shared.definitions.find((one) => one.name === name) ?? assert.fail(name);
  const input = inputOf(definition, found, definition.variables);
  const parsed = "input" in input ? parseSync(definition, input.input, definition.variables) : undefined;
  return textsOfFound(definition, found, parsed && "value" in parsed ? parsed.value : undefined, everyField);
};

describe("variables composed of values that a user supplied", () => {
  it("keep a URL unchanged, whatever it contains", () => {
    for (const url of [
      "postgres://user@localhost/shop",
      "postgres://user@localhost/my%20Shop",
      "postgres://u:p@a:1,b:2/shop?target_session_attrs=any",
      "postgres://u@%2Frun%2Fpostgresql/shop",
    ]) {
      const { DATABASE_URL, COPY } = textsOf("databaseUrl", { url }, true);
      assert.deepEqual([DATABASE_URL, COPY], [url, url]);
    }
  });

  it("have the parts of a URL", () => {
    const { DB_HOST, DB_NAME, JDBC } = textsOf("databaseUrl", { url: "postgres://user@db/my-Shop" }, true);
    assert.deepEqual([DB_HOST, DB_NAME, JDBC], ["db", "my-Shop", "jdbc:postgresql://db:5432/my-Shop"]);
  });

  it("have a URL composed of parts without a password", () => {
    assert.equal(textsOf("redisUrl", { host: "cache" })["BROKER"], "redis://cache:6379/1");
  });

  for (const [url, broker] of [
    ["redis://cache", "redis://cache/1"],
    ["redis://:p@cache:6379/", "redis://:p@cache:6379/1"],
    ["redis://:p@cache:6379/0", "redis://:p@cache:6379/1"],
    ["redis://cache?db=2", "redis://cache/1"],
    ["redis://cache?a=1&db=2&b=3", "redis://cache/1?a=1&b=3"],
    ["rediss://:p@cache:6379/2?ssl_cert_reqs=none", "rediss://:p@cache:6379/1?ssl_cert_reqs=none"],
    ["rediss://:p@cache:6379?ssl_cert_reqs=none", "rediss://:p@cache:6379/1?ssl_cert_reqs=none"],
  ] as const)
    it(`name another Redis database after {url}: ${url}`, () => {
      assert.equal(textsOf("redisUrl", { url })["BROKER"], broker);
    });

  it("are absent if the text cannot contain a part", () => {
    const parts = { host: "db", username: "u", password: "p", database: "my shop" };
    const { COPY, JDBC } = textsOf("databaseUrl", parts, true);
    assert.deepEqual([COPY, JDBC], [undefined, "jdbc:postgresql://db:5432/my%20shop"]);
  });
});
