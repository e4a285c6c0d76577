import assert from "node:assert/strict";
import type { z } from "zod";
import { redisKind } from "../../lib/kinds/redis";

const options = (given: z.input<ReturnType<typeof redisKind.options>> = {}) => redisKind.options().parse(given);
const fields = { host: "cache", port: 6379, database: 0, username: "app", password: "p@ss", tls: { mode: "off" } } as const;

describe("the kind redis", () => {
  it("takes any version unless told one", () => {
    assert.deepEqual(redisKind.server(options()), { shared: false });
    assert.deepEqual(redisKind.server(options({ version: "8" })), { shared: false, version: "8" });
  });

  for (const given of [{ version: "6" }, { scheme: "rediss" }, { persistence: true }]) {
    it(`refuses ${JSON.stringify(given)}`, () => {
      assert.ok(!redisKind.options().safeParse(given).success);
    });
  }

  it("writes TLS into the scheme", () => {
    assert.deepEqual(redisKind.encode(fields, options()), { "": "redis://app:p%40ss@cache:6379/0" });
    const secure = { ...fields, tls: { mode: "verify-full" } } as const;
    assert.deepEqual(redisKind.encode(secure, options()), { "": "rediss://app:p%40ss@cache:6379/0" });
  });

  it("gives the app a connection with a numbered database", () => {
    const value = redisKind.schema().parse({ "": "rediss://:word@cache/3" });
    assert.deepEqual([value.host, value.port, value.database, value.username, value.tls.mode], ["cache", 6379, 3, "", "verify-full"]);
  });

  it("has an example that parses", () => {
    for (const scheme of ["redis", "valkey"] as const) {
      assert.equal(redisKind.schema().parse(redisKind.example(options({ scheme }))).scheme, scheme);
    }
  });
});
