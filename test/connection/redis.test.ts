import assert from "node:assert/strict";
import * as fc from "fast-check";
import { Redis } from "ioredis";
import { parseUrl } from "../../lib/connection/parse";
import { formatRedisUrl, redisProtocol, type RedisFields } from "../../lib/connection/redis";
import { credential, host, mode, port, shortened } from "./samples";

const fields = fc.record({
  host,
  port,
  database: fc.integer({ min: 0, max: 65_535 }),
  username: credential,
  password: credential,
  tls: fc.record(
    { mode, ca: fc.string({ minLength: 1, unit: "grapheme-ascii" }).filter((path) => !path.includes("%")) },
    { noNullPrototype: true },
  ),
}) satisfies fc.Arbitrary<RedisFields>;

const given: RedisFields = { host: "cache", port: 6379, database: 0, username: "app", password: "p@ss", tls: { mode: "off" } };

describe("a Redis URL", () => {
  it("parses back to its fields", () => {
    fc.assert(
      fc.property(fields, fc.constantFrom("redis" as const, "valkey" as const), (fields, scheme) => {
        const url = formatRedisUrl(fields, scheme);
        const read = parseUrl(url, redisProtocol);
        assert.deepEqual(
          [read.host, read.port, read.database, read.username, read.password.reveal()],
          [shortened(fields.host), fields.port, fields.database, fields.username, fields.password],
        );
        assert.deepEqual({ ...read.tls }, fields.tls.mode === "off" ? { mode: "off" } : fields.tls);
        assert.equal(read.reveal(), url);
      }),
      { numRuns: 500 },
    );
  });

  it("is parsed the same by ioredis", () => {
    fc.assert(
      fc.property(fields, (fields) => {
        const client = new Redis(formatRedisUrl(fields, "redis"), { lazyConnect: true });
        const { host, port, db, username, password, tls } = client.options;
        client.disconnect();
        assert.deepEqual(
          [host, port, db, username, password],
          [shortened(fields.host), fields.port, fields.database, fields.username, fields.password],
        );
        assert.equal(Boolean(tls), fields.tls.mode !== "off");
      }),
      { numRuns: 300 },
    );
  });

  it("has no path for database 0, so that a number can be appended", () => {
    assert.equal(formatRedisUrl(given, "redis"), "redis://app:p%40ss@cache:6379");
    assert.equal(formatRedisUrl({ ...given, database: 3 }, "redis"), "redis://app:p%40ss@cache:6379/3");
    assert.equal(formatRedisUrl({ ...given, tls: { mode: "require" } }, "redis"), "rediss://app:p%40ss@cache:6379?ssl_cert_reqs=none");
  });

  it("has the parameters that the user adds", () => {
    const secure = { ...given, tls: { mode: "verify-full" } } as const;
    assert.equal(
      formatRedisUrl(secure, "redis", { ssl_cert_reqs: "CERT_REQUIRED", protocol: "3" }),
      "rediss://app:p%40ss@cache:6379?ssl_cert_reqs=CERT_REQUIRED&protocol=3",
    );
    assert.throws(() => formatRedisUrl(secure, "redis", { ssl_cert_reqs: "CERT_NONE" }), {
      code: "CONNECTION_FIELD_INVALID",
      message: /weaker TLS than the server's/,
    });
  });

  for (const database of [-1, 0.5, Number.NaN, 65_536]) {
    it(`cannot be formatted for database ${database}`, () => {
      assert.throws(() => formatRedisUrl({ ...given, database }, "redis"), { code: "CONNECTION_FIELD_INVALID" });
    });
  }

  it("cannot be formatted for a CA file with a % in its path", () => {
    const tls = { mode: "verify-full", ca: "/100%25.pem" } as const;
    assert.throws(() => formatRedisUrl({ ...given, tls }, "redis"), { code: "CONNECTION_FIELD_INVALID" });
  });

  it("makes valkey-py check the host name", () => {
    assert.match(formatRedisUrl({ ...given, tls: { mode: "verify-full" } }, "valkey"), /^valkeys:.*\?ssl_check_hostname=true$/);
    assert.match(formatRedisUrl({ ...given, tls: { mode: "verify-full" } }, "redis"), /^rediss:[^?]*$/);
  });
});
