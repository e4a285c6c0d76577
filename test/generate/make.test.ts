import assert from "node:assert/strict";
import { createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import fc from "fast-check";
import { generate, randomText } from "../../lib/generate/make";
import { ALPHANUMERIC, type Generation } from "../../lib/generation";
import { keyPair, loadSync, secret, settings } from "../../lib/index";
import { registerSecret } from "../support/secrets";

/** Each byte once, in order, again and again. */
const everyByte = () => {
  let next = 0;
  return (count: number) => Uint8Array.from({ length: count }, () => next++ % 256);
};

describe("random text", () => {
  it("uses each character of its alphabet equally often: the same number of bytes maps to each", () => {
    for (let size = 1; size <= 94; size += 1) {
      const alphabet = Array.from({ length: size }, (_, index) => String.fromCodePoint(33 + index)).join("");
      const each = Math.floor(256 / size);
      // As long as one round through all bytes makes it.
      const text = randomText(each * size, alphabet, everyByte());
      const counts = new Map<string, number>();
      for (const one of text) counts.set(one, (counts.get(one) ?? 0) + 1);
      assert.deepEqual(
        [...counts.values()],
        Array.from({ length: size }, () => each),
        `an alphabet of ${size}`,
      );
    }
  });

  it("has the requested length and characters", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 1, max: 62 }), (length, size) => {
        const alphabet = ALPHANUMERIC.slice(0, size);
        const text = randomText(length, alphabet);
        assert.equal(text.length, length);
        for (const one of text) assert.ok(alphabet.includes(one));
      }),
    );
  });
});

const texts = fc.oneof(
  fc.record({ make: fc.constant("bytes"), bytes: fc.integer({ min: 16, max: 1024 }), as: fc.constantFrom("hex", "base64", "base64url") }),
  fc.record({
    make: fc.constant("characters"),
    length: fc.integer({ min: 39, max: 1024 }),
    alphabet: fc
      .tuple(fc.subarray(Array.from(ALPHANUMERIC), { minLength: 10 }), fc.subarray(Array.from("!#%&()*+,-./:;<=>?@[]^_{|}~")))
      .map((parts) => parts.flat().join("")),
  }),
) as fc.Arbitrary<Generation>;

describe("a generated secret", () => {
  it("has the declared form, differs each time, and is accepted in production", async () => {
    const group = settings("shared", { token: secret() });
    await fc.assert(
      fc.asyncProperty(texts, async (generation) => {
        const [{ value = "" }, other] = [await generate(generation), await generate(generation)];
        assert.notEqual(value, other["value"]);
        if (generation.make === "bytes") {
          assert.equal(Buffer.from(value, generation.as).length, generation.bytes);
          assert.equal(Buffer.from(value, generation.as).toString(generation.as), value);
        } else if (generation.make === "characters") {
          assert.equal(value.length, generation.length);
          for (const one of value) assert.ok(generation.alphabet.includes(one));
        }
        assert.equal(loadSync(group, { env: { TOKEN: value }, environment: "production" }).token.reveal(), value);
      }),
    );
  });
});

describe("a generated key pair", () => {
  const load = (type: "rsa" | "ed25519" | "vapid", { privateKey = "", publicKey = "" }: Readonly<Record<string, string>>) =>
    loadSync(settings("shared", { jwt: keyPair({ type }) }), {
      env: { JWT_PRIVATE_KEY: registerSecret(privateKey), JWT_PUBLIC_KEY: publicKey },
      environment: "production",
    }).jwt;

  it("signs and verifies as RSA with the requested length, and as ed25519", async () => {
    for (const [generation, type, algorithm] of [
      [{ make: "rsa", bits: 3072 }, "rsa", "sha256"],
      [{ make: "ed25519" }, "ed25519", undefined],
    ] as const) {
      const { privateKey, publicKey } = load(type, await generate(generation));
      const key = createPrivateKey(privateKey.reveal());
      assert.equal(key.asymmetricKeyDetails?.modulusLength, type === "rsa" ? 3072 : undefined);
      assert.match(privateKey.reveal(), /^-----BEGIN PRIVATE KEY-----\n/);
      assert.match(publicKey, /^-----BEGIN PUBLIC KEY-----\n/);
      const signature = sign(algorithm, Buffer.from("signed"), key);
      assert.ok(verify(algorithm, Buffer.from("signed"), createPublicKey(publicKey), signature));
    }
  });

  it("is a P-256 point and scalar for VAPID, as base64url", async () => {
    const { privateKey, publicKey } = load("vapid", await generate({ make: "vapid" }));
    assert.match(privateKey.reveal(), /^[\w-]{43}$/);
    assert.match(publicKey, /^B[\w-]{86}$/);
    // As browsers and web-push read them: a public key that verifies what the private one signs.
    const point = Buffer.from(publicKey, "base64url");
    const jwk = { kty: "EC", crv: "P-256", x: point.subarray(1, 33).toString("base64url"), y: point.subarray(33).toString("base64url") };
    const signature = sign("sha256", Buffer.from("signed"), createPrivateKey({ key: { ...jwk, d: privateKey.reveal() }, format: "jwk" }));
    assert.ok(verify("sha256", Buffer.from("signed"), createPublicKey({ key: jwk, format: "jwk" }), signature));
  });
});
