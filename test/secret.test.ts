import assert from "node:assert/strict";
import type { z } from "zod";
import { settings, loadSync, Secret } from "../lib/index";
import { isSecretValue, sameText } from "../lib/secret";
import { builders, sampleOf } from "./support/each-kind";
import { describeRedaction } from "./support/printers";

const HIDDEN = "hUnTeR2-QqZzXxWw";

/** One of each kind; each kind's own suite prints its values. */
const shared = settings(
  "shared",
  Object.fromEntries(Object.entries(builders).map(([name, builder]): [string, z.ZodType] => [name, builder()])),
);
const samples = shared.definitions.map((definition) => sampleOf(definition, HIDDEN));
const config = loadSync(shared, { env: Object.assign({}, ...samples.map(({ env }) => env)) as Record<string, string> });

describe("a secret", () => {
  it("returns its value only from reveal()", () => {
    assert.equal(new Secret(HIDDEN).reveal(), HIDDEN);
    assert.deepEqual(Reflect.ownKeys(new Secret(HIDDEN)), []);
  });

  it("equals a secret or a value with the same content", () => {
    const one = new Secret(HIDDEN);
    assert.ok(one.equals(new Secret(HIDDEN)));
    assert.ok(one.equals(HIDDEN));
    assert.ok(!one.equals(new Secret("other")));
    assert.ok(!one.equals(`${HIDDEN} `));
    assert.ok(new Secret({ a: [1] }).equals({ a: [1] }));
    assert.ok(new Secret(5n).equals(5n) && !new Secret(5n).equals(6n));
  });

  it("distinguishes values of other types, and secrets and collections inside a value", () => {
    assert.ok(!new Secret<unknown>("1").equals(1));
    assert.ok(!new Secret<unknown>(undefined).equals("undefined"));
    assert.ok(!new Secret<unknown>({ a: 1 }).equals('{"a":1}'));
    assert.ok(!new Secret(new Map([["a", 1]])).equals(new Map()));
    assert.ok(!new Secret(new Set(["a"])).equals(new Set(["b"])));
    assert.ok(!new Secret(new Date(0)).equals(new Date(1)));
    assert.ok(!new Secret(new URL("https://a.example")).equals(new URL("https://b.example")));
    assert.ok(!new Secret(Buffer.from("a")).equals(Buffer.from("b")));
    class Login {
      readonly password: Secret;
      constructor(text: string) {
        this.password = new Secret(text);
      }
    }
    const holders: ReadonlyArray<(secret: Secret) => unknown> = [
      (inner) => inner,
      (inner) => ({ inner }),
      (inner) => [inner],
      (inner) => new Map([["inner", inner]]),
      (inner) => new Set([inner]),
      (inner) => ({ deep: [{ inner }] }),
      (inner) => new Login(inner.reveal()),
    ];
    for (const holding of holders) {
      assert.ok(new Secret(holding(new Secret("a"))).equals(holding(new Secret("a"))), String(holding));
      assert.ok(!new Secret(holding(new Secret("a"))).equals(holding(new Secret("b"))), String(holding));
    }
  });

  it("cannot be distinguished by deepStrictEqual, which is why equals() exists", () => {
    assert.deepStrictEqual(new Secret("a"), new Secret("b"));
    assert.ok(!new Secret("a").equals(new Secret("b")));
  });

  it("is recognized across copies of the package by a symbol", () => {
    assert.ok(isSecretValue(new Secret("a")));
    for (const value of [undefined, null, "a", {}, { reveal: () => "a" }]) assert.ok(!isSecretValue(value));
  });

  it("clones to an empty object", () => assert.deepEqual(structuredClone(new Secret(HIDDEN)), {}));

  it("compares texts of any length", () => {
    assert.ok(sameText("", "") && sameText("ä", "ä"));
    assert.ok(!sameText("a", "") && !sameText("a", "aa"));
  });
});

describeRedaction("the whole configuration", config, HIDDEN);
describeRedaction("a secret of an object", new Secret({ HIDDEN }), HIDDEN);
