import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { fake, keyPair, loadSync, settings, type KeyPairOptions } from "../../lib/index";
import { errorOf, everythingIn } from "../support/errors";
import { registerSecret } from "../support/secrets";

const pem = (type: "rsa" | "ed25519", bits = 2048, format: "pkcs8" | "pkcs1" = "pkcs8") => {
  const { privateKey, publicKey } = type === "rsa" ? generateKeyPairSync("rsa", { modulusLength: bits }) : generateKeyPairSync("ed25519");
  return {
    privateKey: registerSecret(privateKey.export({ type: format, format: "pem" }).toString()),
    publicKey: publicKey.export({ type: "spki", format: "pem" }).toString(),
  };
};

const load = (options: KeyPairOptions, JWT_PRIVATE_KEY: string, JWT_PUBLIC_KEY: string, environment = "development") =>
  loadSync(settings("shared", { jwt: keyPair(options) }), { env: { JWT_PRIVATE_KEY, JWT_PUBLIC_KEY }, environment }).jwt;

const refusalOf = (options: KeyPairOptions, privateKey: string, publicKey: string, environment?: string) => {
  const error = errorOf(() => load(options, privateKey, publicKey, environment));
  for (const line of privateKey.split("\n").filter((each) => each.length > 20 && !each.startsWith("-----")))
    assert.ok(!everythingIn(error).includes(line), "the error contains part of the private key");
  return error.problems.map(({ message }) => message);
};

describe("the kind keyPair", () => {
  const rsa = pem("rsa");
  const other = pem("rsa");
  const ed25519 = pem("ed25519");

  it("has two variables, which `env` renames, and is generated", () => {
    const { definitions } = settings("shared", { jwt: keyPair(), push: keyPair({ type: "vapid", env: "VAPID" }) });
    assert.deepEqual(
      definitions.flatMap(({ variables }) => variables.map(({ name, secret }) => [name, secret])),
      [
        ["JWT_PRIVATE_KEY", true],
        ["JWT_PUBLIC_KEY", false],
        ["VAPID_PRIVATE_KEY", true],
        ["VAPID_PUBLIC_KEY", false],
      ],
    );
    assert.deepEqual(
      definitions.map(({ kind }) => kind.generation),
      [{ make: "rsa", bits: 2048 }, { make: "vapid" }],
    );
  });

  it("reads PEM with real and escaped line breaks, and as base64, whatever is declared, and returns PEM", () => {
    const forms: readonly ((text: string) => string)[] = [
      (text) => text,
      (text) => text.trimEnd(),
      (text) => text.replaceAll("\n", "\r\n"),
      (text) => text.replaceAll("\n", String.raw`\n`),
      (text) => Buffer.from(text).toString("base64"),
    ];
    for (const form of forms)
      for (const as of ["pem", "base64"] as const) {
        const pair = load({ as }, form(rsa.privateKey), form(rsa.publicKey), "production");
        assert.match(pair.privateKey.reveal(), /^-----BEGIN PRIVATE KEY-----\r?\n/);
        assert.match(pair.publicKey, /^-----BEGIN PUBLIC KEY-----\r?\n/);
      }
    assert.deepEqual(load({ type: "ed25519" }, ed25519.privateKey, ed25519.publicKey).publicKey, ed25519.publicKey);
    const old = pem("rsa", 2048, "pkcs1");
    assert.equal(load({}, old.privateKey, old.publicKey).privateKey.reveal(), old.privateKey);
  });

  it("writes what it reads, in the declared form", () => {
    for (const as of ["pem", "base64"] as const) {
      const [definition] = settings("shared", { jwt: keyPair({ as }) }).definitions;
      const texts = definition?.kind.encode(rsa) ?? {};
      assert.equal(texts["privateKey"]?.includes("\n"), as === "pem");
      assert.equal(load({}, texts["privateKey"] ?? "", texts["publicKey"] ?? "").privateKey.reveal(), rsa.privateKey);
    }
  });

  it("may have other names, several of them, and no variable for the public key, which the private one implies", () => {
    const variables = { privateKey: ["JWT_SECRET_KEY", "LEGACY_KEY"], publicKey: false } as const;
    for (const type of ["rsa", "vapid"] as const) {
      const group = settings("shared", { jwt: keyPair({ type, variables }) });
      const pair = fake(settings("shared", { jwt: keyPair({ type }) })).jwt;
      const { jwt } = loadSync(group, { env: { LEGACY_KEY: pair.privateKey.reveal() } });
      assert.equal(jwt.publicKey, pair.publicKey);
    }
  });

  it("rejects halves that do not match, halves of another type, and text that is not a key, without quoting it", () => {
    assert.deepEqual(refusalOf({}, rsa.privateKey, other.publicKey), ["JWT_PUBLIC_KEY does not match the private key"]);
    assert.deepEqual(refusalOf({}, rsa.privateKey, ed25519.publicKey), ["JWT_PUBLIC_KEY must be a key of type rsa, not ed25519"]);
    assert.deepEqual(refusalOf({ type: "ed25519" }, rsa.privateKey, rsa.publicKey), [
      "JWT_PRIVATE_KEY must be a key of type ed25519, not rsa",
    ]);
    assert.deepEqual(refusalOf({}, rsa.publicKey, rsa.publicKey), [
      "JWT_PRIVATE_KEY must be an unencrypted rsa private key, as PEM or base64-encoded PEM",
    ]);
    assert.deepEqual(refusalOf({}, rsa.privateKey, "none"), ["JWT_PUBLIC_KEY must be a public rsa key, as PEM or base64-encoded PEM"]);
    const locked = generateKeyPairSync("rsa", { modulusLength: 2048 })
      .privateKey.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "locked" })
      .toString();
    assert.match(refusalOf({}, locked, rsa.publicKey)[0] ?? "", /must be an unencrypted rsa private key/);
  });

  it("rejects a private key in the public variable, which would be shown", () => {
    for (const form of [rsa.privateKey, Buffer.from(rsa.privateKey).toString("base64"), pem("rsa", 2048, "pkcs1").privateKey])
      assert.deepEqual(refusalOf({}, rsa.privateKey, form), ["JWT_PUBLIC_KEY holds a private key"]);
  });

  it("rejects a pair with a missing half", () => {
    const error = errorOf(() => loadSync(settings("shared", { jwt: keyPair() }), { env: { JWT_PRIVATE_KEY: rsa.privateKey } }));
    assert.match(error.message, /JWT_PUBLIC_KEY must be set too, because JWT_PRIVATE_KEY is/);
  });

  it("rejects a short RSA key in production only", () => {
    const short = pem("rsa", 1024);
    assert.deepEqual(refusalOf({}, short.privateKey, short.publicKey, "production"), [
      "JWT_PRIVATE_KEY has a key of fewer than 2048 bits, which production refuses",
    ]);
    assert.ok(load({}, short.privateKey, short.publicKey));
  });

  it("reads VAPID keys with and without padding, and rejects others", () => {
    const vapid = { type: "vapid" } as const;
    const { privateKey, publicKey } = fake(settings("shared", { jwt: keyPair(vapid) })).jwt;
    assert.equal(load(vapid, `${privateKey.reveal()}=`, publicKey).privateKey.reveal(), privateKey.reveal());
    assert.match(refusalOf(vapid, publicKey, publicKey)[0] ?? "", /JWT_PRIVATE_KEY must be a VAPID private key: 32 bytes as base64url/);
    assert.match(refusalOf(vapid, privateKey.reveal(), privateKey.reveal())[0] ?? "", /JWT_PUBLIC_KEY must be a VAPID public key/);
    for (const wrong of ["A".repeat(43), "_".repeat(43)])
      assert.match(refusalOf(vapid, wrong, publicKey)[0] ?? "", /must be a VAPID private key/);
    const next = publicKey.endsWith("A") ? "B" : "A";
    assert.match(refusalOf(vapid, privateKey.reveal(), publicKey.slice(0, -1) + next)[0] ?? "", /does not match the private key/);
  });

  it("has an example of each type", () => {
    for (const type of ["rsa", "ed25519", "vapid"] as const)
      assert.ok(fake(settings("shared", { jwt: keyPair({ type }) })).jwt.publicKey.length > 80);
  });

  it("rejects options that do not apply to its type", () => {
    for (const [options, why] of [
      [{ type: "ed25519", bits: 2048 }, /bits applies only to rsa, not to ed25519/],
      [{ type: "vapid", as: "pem" }, /as does not apply to vapid/],
      [{ bits: 1024 }, /bits: must be 2048, 3072 or 4096/],
      [{ type: "dsa" }, /type/],
    ] as const)
      assert.match(errorOf(() => settings("shared", { jwt: keyPair(options as unknown as KeyPairOptions) })).message, why);
  });
});
