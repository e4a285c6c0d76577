import type { KeyObject } from "node:crypto";
import { crypto } from "../../internal/crypto";
import { once } from "../../internal/once";
import type { Refusal } from "../../internal/refuse";

/** A key pair as text: PEM, or base64url for `vapid`. */
export interface PairTexts {
  readonly privateKey: string;
  readonly publicKey: string;
}

export type PairType = "rsa" | "ed25519" | "vapid";

/** A supplied key pair. The variable for the public key is optional: the private key implies it. */
interface GivenPair {
  readonly privateKey: string;
  readonly publicKey?: string | undefined;
}

/** Reads both halves in every form found in .env files, and checks that they match. */
export const readPair = (type: PairType, pair: GivenPair): PairTexts | Refusal =>
  type === "vapid" ? readVapid(pair) : readPem(type, pair);

const readPem = (type: PairType, given: GivenPair): PairTexts | Refusal => {
  const privateKey = pemIn(given.privateKey);
  const own = privateKeyIn(privateKey);
  if (own === undefined) return refused("privateKey", `must be an unencrypted ${type} private key, as PEM or base64-encoded PEM`);
  const publicKey = given.publicKey === undefined ? publicPem(own) : pemIn(given.publicKey);
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(publicKey))
    return refused(
      "publicKey",
      "holds a private key",
      "set it to the public key, and rotate the private one if it was stored as a public value",
    );
  const other = publicKeyIn(publicKey);
  if (other === undefined) return refused("publicKey", `must be a public ${type} key, as PEM or base64-encoded PEM`);
  for (const [field, key] of [["privateKey", own] as const, ["publicKey", other] as const])
    if (key.asymmetricKeyType !== type) return refused(field, `must be a key of type ${type}, not ${key.asymmetricKeyType}`);
  return crypto().createPublicKey(own).equals(other) ? { privateKey, publicKey } : apart;
};

const readVapid = (given: GivenPair): PairTexts | Refusal => {
  const privateKey = unpadded(given.privateKey);
  const derived = pointOf(privateKey);
  if (derived === undefined) return refused("privateKey", "must be a VAPID private key: 32 bytes as base64url");
  const publicKey = unpadded(given.publicKey ?? derived);
  if (!/^[\w-]{87}$/.test(publicKey)) return refused("publicKey", "must be a VAPID public key: 65 bytes as base64url");
  return derived === publicKey ? { privateKey, publicKey } : apart;
};

const unpadded = (text: string): string => text.replace(/=+$/, "");

const refused = (field: keyof PairTexts, sentence: string, fix?: string): Refusal => ({
  field,
  sentence,
  ...(fix !== undefined && { fix }),
});

const apart = refused("publicKey", "does not match the private key", "set both variables to the halves of one key pair");

/** The private key in a PEM; `undefined` if it cannot be read. */
export const privateKeyIn = (pem: string): KeyObject | undefined => attempted(() => crypto().createPrivateKey(pem));

const publicPem = (privateKey: KeyObject): string =>
  crypto().createPublicKey(privateKey).export({ type: "spki", format: "pem" }).toString();

const publicKeyIn = (pem: string): KeyObject | undefined => attempted(() => crypto().createPublicKey(pem));

/** The public key of a VAPID private key. */
const pointOf = (privateKey: string): string | undefined => {
  if (!/^[\w-]{43}$/.test(privateKey)) return undefined;
  const pair = crypto().createECDH("prime256v1");
  return attempted(() => {
    pair.setPrivateKey(Buffer.from(privateKey, "base64url"));
    return pair.getPublicKey("base64url");
  });
};

const attempted = <T>(work: () => T): T | undefined => {
  try {
    return work();
  } catch {
    return undefined;
  }
};

/** Reads a PEM from the forms found in .env files: unchanged, with `\n` for line breaks, or as one line of base64. */
const pemIn = (text: string): string => {
  if (text.includes("-----BEGIN ")) return text.replaceAll(String.raw`\n`, "\n");
  const decoded = Buffer.from(text, "base64").toString("latin1");
  return decoded.includes("-----BEGIN ") ? decoded : text;
};

/** A key pair for tests, which anyone can derive. */
export const examplePair = (type: PairType): PairTexts => {
  const seed = Buffer.alloc(32, "an example, known to everyone");
  if (type === "vapid") {
    const privateKey = seed.toString("base64url");
    return { privateKey, publicKey: pointOf(privateKey) ?? "" };
  }
  // The PKCS #8 prefix of an ed25519 key; the seed follows. An RSA key cannot be derived.
  const der = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), seed]);
  const key = type === "rsa" ? exampleRsa() : crypto().createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  return {
    privateKey: key.export({ type: "pkcs8", format: "pem" }).toString(),
    publicKey: publicPem(key),
  };
};

/** Slow, so generated only once. */
const exampleRsa = once(() => crypto().generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey);
