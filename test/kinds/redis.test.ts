import assert from "node:assert/strict";
import { inspect } from "node:util";
import type { z } from "zod";
import { bindKind } from "../../lib/bound-kind";
import { fake, loadSync, redisUrl, settings } from "../../lib/index";
import { errorOf } from "../support/errors";
import { redisKind } from "../../lib/kinds/redis";

const options = (given: z.input<ReturnType<typeof redisKind.options>> = {}) => redisKind.options().parse(given);
const fields = { host: "cache", port: 6379, database: 0, username: "app", password: "p@ss", tls: { mode: "off" } } as const;
const encode = (given: object) => bindKind(redisKind, options()).encode(given);

describe("the kind redis", () => {
  it("accepts any version by default", () => {
    assert.deepEqual(redisKind.server(options()), { shared: false });
    assert.deepEqual(redisKind.server(options({ version: "8" })), { shared: false, version: "8" });
  });

  for (const given of [
    { version: "6" },
    { scheme: "rediss" },
    { persistence: true },
    { params: { db: "" } },
    { params: { ssl_cert_reqs: "maybe" } },
    { params: { password: "p" } },
  ]) {
    it(`rejects ${JSON.stringify(given)}`, () => {
      assert.ok(!redisKind.options().safeParse(given).success);
    });
  }

  for (const letters of ["KEA", "Ex", "Kg$lshzxetdmn"])
    it(`accepts the keyspace notifications ${letters}`, () => {
      assert.equal(options({ keyspaceNotifications: letters }).keyspaceNotifications, letters);
    });

  for (const [letters, why] of [
    ["", "nothing"],
    ["A", "neither K nor E, so that nothing would be published"],
    ["KE", "no event, so that nothing would be published"],
    ["KEx\nrequirepass a", "another directive"],
    ["KEAo", "a letter that only some servers know"],
    ["kea", "lower case"],
  ] as const)
    it(`rejects keyspace notifications with ${why}, and names the letters`, () => {
      const [issue] = redisKind.options().safeParse({ keyspaceNotifications: letters }).error?.issues ?? [];
      assert.match(issue?.message ?? "", /^must be letters of `notify-keyspace-events`: K or E or both, and one or more of A g /);
    });

  it("encodes TLS in the scheme", () => {
    assert.deepEqual(encode(fields), { url: "redis://app:p%40ss@cache:6379" });
    const secure = { ...fields, tls: { mode: "verify-full" } } as const;
    assert.deepEqual(encode(secure), { url: "rediss://app:p%40ss@cache:6379" });
  });

  it("provides the app with a connection that has a numbered database", () => {
    const value = redisKind.schema(options()).parse({ url: "rediss://:word@cache/3" });
    assert.deepEqual([value.host, value.port, value.database, value.username, value.tls.mode], ["cache", 6379, 3, "", "verify-full"]);
  });

  it("has an example that parses, for every scheme", () => {
    for (const scheme of ["redis", "valkey"] as const)
      assert.equal(fake(settings("shared", { redisUrl: redisUrl({ scheme }) })).redisUrl.scheme, scheme);
  });

  it("provides the app with the required key prefix on a shared server, in a separate variable", () => {
    const shared = settings("shared", { redisUrl: redisUrl() });
    const load = (env: Record<string, string>) => loadSync(shared, { env }).redisUrl;
    const texts = encode({ ...fields, prefix: "shop:pr-42:" });
    assert.deepEqual(texts, { url: "redis://app:p%40ss@cache:6379", prefix: "shop:pr-42:" });
    assert.equal(load({ REDIS_URL: texts["url"] ?? "", REDIS_URL_PREFIX: texts["prefix"] ?? "" }).prefix, "shop:pr-42:");
    assert.equal(load({ REDIS_URL: "redis://cache" }).prefix, undefined);
    assert.equal(inspect(load({ REDIS_URL: "redis://cache", REDIS_URL_PREFIX: "a:" })), "***");
  });

  for (const prefix of ["qz*jw", "qz?jw", "qz[jw", "qz\\jw", "qz jw", "qz~jw", "q".repeat(101)]) {
    it(`rejects the prefix ${JSON.stringify(prefix.slice(0, 9))}, which ACL rules would misinterpret, when reading and writing`, () => {
      const { problems } = errorOf(() =>
        loadSync(settings("shared", { redisUrl: redisUrl() }), { env: { REDIS_URL: "redis://cache", REDIS_URL_PREFIX: prefix } }),
      );
      assert.deepEqual(
        problems.map(({ path, message }) => [path, message]),
        [["REDIS_URL_PREFIX", "REDIS_URL_PREFIX must be 1 to 100 characters of A-Z a-z 0-9 _ : . { } / -"]],
      );
      assert.equal(errorOf(() => encode({ ...fields, prefix })).code, "CONNECTION_FIELD_INVALID");
    });
  }
});
