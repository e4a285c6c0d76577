import assert from "node:assert/strict";
import { z } from "zod";
import { apiKeys, bucket, postgresUrl, redisUrl, secret, settings } from "../../lib";
import { unusableValues } from "../../lib/workspace/unusable";

describe("supplied values that load() would refuse", () => {
  const group = settings("shared", {
    databaseUrl: postgresUrl({ alias: "DB_URL" }),
    cacheUrl: redisUrl(),
    uploads: bucket(),
    apiKeys: apiKeys(),
    signing: secret({ fallback: "master" }),
    master: secret(),
    port: z.number().int(),
    slow: z.string().refine(async () => false),
  });
  const messages = (values: Record<string, string>) => unusableValues([group], values).map(({ message }) => message);

  it("are reported for every kind, in its own words, without the value", () => {
    const found = messages({
      DATABASE_URL: "postgres://u:pass-word@ss@h/d",
      CACHE_URL: "mysql://u:pass-word@h",
      API_KEYS: "pass-word",
      PORT: "pass-word",
    });
    assert.deepEqual(
      ["DATABASE_URL", "CACHE_URL", "API_KEYS", "PORT"].filter((name) => !found.some((message) => message.startsWith(`${name} `))),
      [],
    );
    assert.doesNotMatch(found.join("\n"), /pass-word/);
  });

  it("are reported under an alias, too", () => assert.match(messages({ DB_URL: "mysql://h/d" })[0] ?? "", /^DB_URL /));

  it("exclude values that are valid, absent or in a file, and asynchronous checks, which are left to the app", () => {
    assert.deepEqual(messages({}), []);
    assert.deepEqual(messages({ DATABASE_URL: "postgresql://u:p@h/d", PORT: "80", SLOW: "x" }), []);
    assert.deepEqual(messages({ DATABASE_URL_FILE: "/run/secrets/url", DB_URL: "mysql://h/d", UPLOADS_ACCESS_KEY_ID_FILE: "/none" }), []);
  });
});
