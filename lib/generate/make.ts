import { createECDH, generateKeyPair, randomBytes, type KeyPairKeyObjectResult } from "node:crypto";
import { promisify } from "node:util";
import type { GeneratedFields, Generation } from "../generation";
import { isPlaceholder } from "../kinds/weakness";

/** Returns the given number of random bytes. */
export type RandomSource = (count: number) => Uint8Array;

/** Generates a value's fields. */
export const generate = async (generation: Generation): Promise<GeneratedFields> => {
  switch (generation.make) {
    case "bytes":
      return { value: acceptable(() => Buffer.from(randomBytes(generation.bytes)).toString(generation.as)) };
    case "characters":
      return { value: acceptable(() => randomText(generation.length, generation.alphabet)) };
    case "rsa":
      return asPem(await newPair("rsa", { modulusLength: generation.bits }));
    case "ed25519":
      return asPem(await newPair("ed25519"));
    case "vapid":
      return vapidPair();
  }
};

/**
 * Random characters, each equally likely. Bytes that would favor the first characters of the alphabet are discarded.
 *
 * @param alphabet at most 256 different characters
 */
export const randomText = (length: number, alphabet: string, random: RandomSource = randomBytes): string => {
  const limit = 256 - (256 % alphabet.length);
  let text = "";
  while (text.length < length) for (const byte of random(length - text.length)) if (byte < limit) text += alphabet[byte % alphabet.length];
  return text;
};

const ATTEMPTS = 100;

/** Retries, because random text occasionally looks like a placeholder, which production rejects. */
const acceptable = (make: () => string, attempt = 1): string => {
  const text = make();
  return isPlaceholder(text) && attempt < ATTEMPTS ? acceptable(make, attempt + 1) : text;
};

const newPair = promisify(generateKeyPair);

const asPem = ({ privateKey, publicKey }: KeyPairKeyObjectResult): GeneratedFields => ({
  privateKey: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  publicKey: publicKey.export({ type: "spki", format: "pem" }).toString(),
});

/** As web-push expects them: a P-256 point and scalar in base64url. */
const vapidPair = (): GeneratedFields => {
  const pair = createECDH("prime256v1");
  const publicKey = pair.generateKeys("base64url");
  // A scalar with leading zeros has fewer bytes.
  const privateKey = Buffer.concat([Buffer.alloc(32), pair.getPrivateKey()])
    .subarray(-32)
    .toString("base64url");
  return { privateKey, publicKey };
};
