import assert from "node:assert/strict";
import { z } from "zod";
import { apiKeys, bucket, fake, postgresUrl, redisUrl, secret, Secret, setting, settings } from "../../lib/index";
import { errorOf, everythingIn, told } from "../support/errors";

const shared = settings(
  "shared",
  {
    databaseUrl: postgresUrl(),
    redisUrl: redisUrl(),
    uploads: bucket(),
    mode: z.enum(["a", "b"]).default("a"),
    token: secret().optional(),
    other: secret({ fallback: "token" }),
    required: secret(),
    apiKeys: apiKeys({ requiredIn: ["production"] }),
    list: z.array(z.string()).nullable(),
  },
  { requiredWhen: { token: { mode: "b" } } },
);

describe("fake", () => {
  it("fills in example values, and leaves optional settings unset", () => {
    const config = fake(shared);
    assert.equal(config.databaseUrl.database, "example");
    assert.equal(config.redisUrl.host, "localhost");
    assert.equal(config.uploads.name, "example-bucket");
    assert.equal(config.required.reveal(), "fake-secret");
    assert.deepEqual([config.mode, config.token, config.other, config.apiKeys, config.list], ["a", undefined, undefined, undefined, null]);
    assert.ok(Object.isFrozen(config));
  });

  it("accepts text, text by field, and values", () => {
    const token = new Secret("t");
    const config = fake(shared, {
      databaseUrl: "postgresql://me:pw@host/db",
      uploads: { bucket: "mine", region: "eu" },
      mode: "b",
      token,
      required: "text",
      apiKeys: "k:web",
      list: ["x"],
    });
    assert.equal(config.databaseUrl.username, "me");
    assert.equal(config.uploads.region, "eu");
    assert.deepEqual([config.mode, config.token, config.list], ["b", token, ["x"]]);
    assert.equal(config.other, token);
    assert.equal(config.apiKeys?.match("k"), "web");
  });

  it("reads no environment", () => {
    const group = settings("other", { testOfFake: secret() });
    process.env["TEST_OF_FAKE"] = "real";
    try {
      assert.equal(fake(group).testOfFake.reveal(), "fake-secret");
    } finally {
      delete process.env["TEST_OF_FAKE"];
    }
  });

  it("uses the default of a fallback", () => {
    const group = settings("a", {
      base: z.string().default("d"),
      level: setting(z.string(), { fallback: "base" }),
      n: secret().nullable(),
      m: secret({ fallback: "n" }),
    });
    assert.equal(fake(group).level, "d");
    assert.equal(fake(group, { base: "e" }).level, "e");
    assert.equal(fake(group).m, undefined);
  });

  it("reports missing examples, invalid values and unknown settings in one error, without values", () => {
    const group = settings("a", { port: z.number(), key: secret(z.object({})), databaseUrl: postgresUrl() });
    const error = errorOf(() => fake(group, { databaseUrl: "qzjw", prot: 1 } as object));
    assert.equal(error.code, "FAKE_INCOMPLETE");
    assert.deepEqual(
      told(error).map((text) => text.split(" ").slice(0, 2).join(" ")),
      ['FAKE_UNKNOWN "prot"', 'FAKE_VALUE "port"', 'FAKE_VALUE "key"', "SETTING_INVALID DATABASE_URL"],
    );
    assert.doesNotMatch(everythingIn(error), /qzjw/);
  });
});
