import assert from "node:assert/strict";
import fc from "fast-check";
import { exampleTexts, generateOption, generationSchema, type Generation } from "../lib/generation";
import { settings, secret, fake, type Config } from "../lib/index";

const option = (given: unknown): Generation => generateOption().parse(given);
const refusal = (given: unknown): string => generateOption().safeParse(given).error?.issues[0]?.message ?? "accepted";

/** As a number: 2 to the power of the bits is the number of texts. */
const bitsOf = (generation: Generation): number =>
  generation.make === "bytes"
    ? generation.bytes * 8
    : generation.make === "characters"
      ? generation.length * Math.log2(generation.alphabet.length)
      : 0;

const printable = Array.from({ length: 95 }, (_, index) => String.fromCodePoint(index + 32));
const unwise = [" ", '"', "'", "`", "$", "\\"];
const wise = printable.filter((one) => !unwise.includes(one));

const isPlain = (one: string): boolean => /[A-Za-z0-9]/.test(one);
const alphabets = fc
  .tuple(fc.subarray(wise.filter(isPlain), { minLength: 10 }), fc.subarray(wise.filter((one) => !isPlain(one))))
  .map((parts) => parts.flat().join(""));

describe("the option `generate`", () => {
  it("makes 32 bytes as base64url by default, and fills in the rest", () => {
    assert.deepEqual(option(true), { make: "bytes", bytes: 32, as: "base64url" });
    assert.deepEqual(option({ bytes: 16 }), { make: "bytes", bytes: 16, as: "base64url" });
    assert.deepEqual(option({ bytes: 1024, as: "hex" }), { make: "bytes", bytes: 1024, as: "hex" });
    const { alphabet } = option({ length: 22 }) as Extract<Generation, { make: "characters" }>;
    assert.equal(Array.from(alphabet).toSorted().join(""), "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
  });

  it("accepts exactly the values with at least 128 bits and at most 1024 bytes or characters", () => {
    const asked = fc.oneof(
      fc.record({ bytes: fc.integer({ min: -1, max: 1100 }), as: fc.constantFrom("hex", "base64", "base64url") }),
      fc.record({ length: fc.integer({ min: -1, max: 1100 }), alphabet: alphabets }),
    );
    fc.assert(
      fc.property(asked, (given) => {
        const generation: Generation = "bytes" in given ? { make: "bytes", ...given } : { make: "characters", ...given };
        const size = "bytes" in given ? given.bytes : given.length;
        const isEnough = bitsOf(generation) >= 128 && size <= 1024;
        assert.equal(generateOption().safeParse(given).success, isEnough);
        assert.equal(generationSchema().safeParse(generation).success, isEnough);
      }),
    );
  });

  it("reports the bits of a rejected value, and the minimum", () => {
    assert.equal(refusal({ bytes: 8 }), "bytes must be a whole number from 16 to 1024: 8 bytes are 64 bits, and at least 128 are required");
    assert.equal(
      refusal({ length: 20, alphabet: "0123456789" }),
      "length must be a whole number from 39 to 1024: 20 characters of 10 are 66 bits, and at least 128 are required",
    );
    for (const given of [{ bytes: 32.5 }, { length: 40.5 }, { length: 2000 }])
      assert.match(refusal(given), /must be a whole number from \d+ to 1024/);
    assert.equal(refusal({ length: 39, alphabet: "0123456789" }), "accepted");
  });

  it("rejects other forms in one sentence", () => {
    const form = 'must be true, { bytes, as: "hex" | "base64" | "base64url" } or { length, alphabet }';
    for (const given of [
      false,
      "hex",
      32,
      {},
      { bytes: 32, length: 32 },
      { bytes: "32" },
      { bytes: 32, as: "base32" },
      { size: 32 },
      { bytes: Number.NaN },
      null,
    ])
      assert.equal(refusal(given), form, JSON.stringify(given));
  });

  it("rejects characters that .env files and shells read differently, repeated characters, and too few", () => {
    const digits = "0123456789";
    for (const one of [...unwise, "ä", "\n", "\t", "\u007f", "\u0000", "🙂"])
      assert.match(refusal({ length: 64, alphabet: digits + one }), /only printable ASCII characters/, JSON.stringify(one));
    assert.equal(refusal({ length: 64, alphabet: wise.join("") }), "accepted");
    assert.match(refusal({ length: 64, alphabet: `${digits}0` }), /each character only once/);
    assert.match(refusal({ length: 200, alphabet: "01" }), /at least 10 letters or digits, not 2/);
  });
});

describe("examples of generated secrets", () => {
  const generations: readonly Generation[] = [
    { make: "bytes", bytes: 33, as: "hex" },
    { make: "bytes", bytes: 16, as: "base64" },
    { make: "bytes", bytes: 1024, as: "base64url" },
    { make: "characters", length: 40, alphabet: "0123456789" },
  ];

  it("have the form of generated ones, differ, and are always the same", () => {
    for (const generation of generations) {
      const texts = exampleTexts(generation);
      assert.equal(new Set(texts).size, 4);
      assert.deepEqual(texts, exampleTexts(generation));
      for (const text of texts) {
        if (generation.make === "bytes") assert.equal(Buffer.from(text, generation.as).toString(generation.as), text);
        if (generation.make === "bytes") assert.equal(Buffer.from(text, generation.as).length, generation.bytes);
        if (generation.make === "characters") assert.match(text, /^[0-9]{40}$/);
      }
    }
  });

  it("are the values of fake()", () => {
    const group = settings("shared", { key: secret({ generate: { bytes: 32, as: "hex" } }) });
    const { key }: Config<typeof group> = fake(group);
    assert.match(key.reveal(), /^[0-9a-f]{64}$/);
  });
});
