import assert from "node:assert/strict";
import { z } from "zod";
import { bucket, postgresUrl, redisUrl, secret, setting, settings } from "../../lib/index";
import { errorOf } from "../support/errors";

/** Called as from JavaScript: the types already reject much of this. */
const declare = settings as unknown as (name: string, shape: object, options?: object) => unknown;
const problemsOf = (shape: object, options?: object) => errorOf(() => declare("shared", shape, options)).problems;
const messages = (shape: object, options?: object) => problemsOf(shape, options).map(({ message }) => message);

describe("a fallback", () => {
  it("must name another setting of the same kind", () => {
    assert.match(messages({ a: secret({ fallback: "b" as never }) }).join(), /falls back to "b", which is not a setting of this group/);
    assert.match(
      messages({ a: secret({ fallback: "b" }), b: redisUrl() }).join(),
      /is of kind secret and cannot fall back to "b" of kind redis/,
    );
    settings("shared", { a: secret({ fallback: "b" }), b: secret({ fallback: "c" }).optional(), c: secret() });
  });

  it("passes through at most 16 settings", () => {
    const chain = (length: number) =>
      Object.fromEntries(
        Array.from({ length: length + 1 }, (_, index) => [`s${index}`, secret(index === 0 ? {} : { fallback: `s${index - 1}` as never })]),
      );
    declare("shared", chain(16));
    assert.deepEqual(
      problemsOf(chain(18)).map(({ message, fix }) => `${message}: ${fix}`),
      [17, 18].map((index) => `shared.s${index} falls back through more than 16 settings: fall back to "s${index - 16}" directly`),
    );
  });

  it("must not form a cycle", () => {
    assert.deepEqual(messages({ a: secret({ fallback: "a" }) }), ["shared.a falls back to itself: a -> a"]);
    assert.equal(messages({ a: secret({ fallback: "b" }), b: secret({ fallback: "c" }), c: secret({ fallback: "a" }) }).length, 3);
    assert.equal(messages({ into: secret({ fallback: "a" }), a: secret({ fallback: "b" }), b: secret({ fallback: "a" }) }).length, 2);
  });
});

describe("a variable that frameworks copy into browser code", () => {
  it("must not be secret, under any of its names", () => {
    const refused = {
      nextPublicToken: secret(),
      token: secret({ env: "VITE_TOKEN" }),
      aliased: secret({ alias: ["TOKEN", "REACT_APP_TOKEN"] }),
      cacheUrl: redisUrl({ env: "PUBLIC_CACHE_URL" }),
      uploads: bucket({ variables: { bucket: "NEXT_PUBLIC_BUCKET", secretAccessKey: "NEXT_PUBLIC_BUCKET_KEY" } }),
      databaseUrl: postgresUrl({ derive: { NUXT_PUBLIC_DATABASE: "{password}" } }),
    };
    const names = [
      "NEXT_PUBLIC_TOKEN",
      "VITE_TOKEN",
      "REACT_APP_TOKEN",
      "PUBLIC_CACHE_URL",
      "NEXT_PUBLIC_BUCKET_KEY",
      "NUXT_PUBLIC_DATABASE",
    ];
    assert.deepEqual(
      messages(refused).map((message) => /has the secret variable (\w+), but .+ browser code$/.exec(message)?.[1]),
      names,
    );
    for (const { fix } of problemsOf(refused)) assert.equal(fix, "use a name without the prefix; only a plain setting can have it");
  });

  it("is a plain setting, or a field that is not secret", () => {
    declare("shared", {
      nextPublicApiUrl: z.url(),
      nextPublicMapKey: setting(z.string(), { public: true }),
      uploads: bucket({ variables: { bucket: "VITE_BUCKET" } }),
      invitePassword: secret({ env: "INVITE_VITE_TOKEN" }),
    });
    assert.match(messages({ nextPublicMapKey: z.string() }).join(), /is a plain setting whose name suggests a secret/);
  });
});

describe("requiredWhen", () => {
  const shape = { mode: z.enum(["a", "b"]).default("a"), port: z.number(), key: secret().optional() };

  it("must name settings of the group, with plain settings as conditions", () => {
    assert.match(messages(shape, { requiredWhen: { kex: { mode: "a" } } }).join(), /names "kex", which is not a setting/);
    assert.match(messages(shape, { requiredWhen: { key: { mood: "a" } } }).join(), /depending on "mood", which is not a setting/);
    assert.match(
      messages({ ...shape, other: secret() }, { requiredWhen: { key: { other: "a" } } }).join(),
      /depending on "other" of kind secret/,
    );
  });

  it("must list values that the condition can have", () => {
    assert.match(messages(shape, { requiredWhen: { key: { mode: "c" } } }).join(), /is "c", but its value is always one of "a", "b"/);
    assert.match(messages(shape, { requiredWhen: { key: { port: "http" } } }).join(), /is "http", but its value is always a number/);
    assert.equal(messages(shape, { requiredWhen: { key: { mode: ["a", "c", 5n] } } }).length, 2);
    declare("shared", shape, { requiredWhen: { key: { mode: ["a", "b"], port: 5432 } } });
  });

  it("must have at least one condition with at least one value", () => {
    assert.match(messages(shape, { requiredWhen: { key: {} } }).join(), /shared\.key has an empty requiredWhen/);
    assert.match(messages(shape, { requiredWhen: { key: { mode: [] } } }).join(), /depending on "mode", but lists no values/);
  });
});
