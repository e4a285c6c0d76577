import { z } from "zod/v4";
import type { Generation } from "../generation";
import { once } from "../internal/once";
import { refuse } from "../internal/refuse";
import { defineKind, type VariableTexts } from "../kind";
import { Secret } from "../secret";
import { examplePair, privateKeyIn, readPair, type PairTexts } from "./key-pair/read";
import { settingOf, type Setting, type SettingOptions } from "../setting";

/** Options of a key pair. A key pair always has a value, so `fallback` and `requiredIn` do not apply. */
export type KeyPairOptions = Omit<SettingOptions<never, never, keyof KeyPair>, "fallback" | "requiredIn"> &
  (
    | {
        /**
         * `rsa` for JWTs with RS256 and similar, `ed25519` for EdDSA, `vapid` for web push.
         * @default "rsa"
         */
        readonly type?: "rsa";
        /**
         * Length of a generated key.
         * @default 2048
         */
        readonly bits?: 2048 | 3072 | 4096;
        /**
         * Format of generated keys in variables: `pem`, on several lines, or `base64`, that PEM on one line. Either can be read.
         * @default "pem"
         */
        readonly as?: "pem" | "base64";
      }
    | { readonly type: "ed25519"; readonly as?: "pem" | "base64" }
    | { readonly type: "vapid" }
  );

/** A private key and its public half. */
export interface KeyPair {
  /** PEM; for `vapid`, base64url as web-push expects it. */
  readonly privateKey: Secret;
  /** PEM; for `vapid`, base64url as web-push and browsers expect it. */
  readonly publicKey: string;
}

/** Schema of the options; documented in `KeyPairOptions`. */
const options = once(() =>
  z
    .strictObject({
      type: z.enum(["rsa", "ed25519", "vapid"]).default("rsa"),
      bits: z.union([z.literal(2048), z.literal(3072), z.literal(4096)], "must be 2048, 3072 or 4096").optional(),
      as: z.enum(["pem", "base64"]).optional(),
    })
    .superRefine(({ type, bits, as }, context) => {
      if (bits !== undefined && type !== "rsa") context.addIssue(`bits applies only to rsa, not to ${type}`);
      if (as !== undefined && type === "vapid") context.addIssue("as does not apply to vapid, whose keys are always base64url");
    }),
);

type Options = z.output<ReturnType<typeof options>>;

const written = (pem: string, { as }: Options): string => (as === "base64" ? Buffer.from(pem).toString("base64") : pem);

/** A private and a public key, generated together unless the user supplies both. */
const keyPairKind = defineKind({
  name: "keyPair",
  secret: true,
  options,
  variables: [
    { field: "privateKey", suffix: "PRIVATE_KEY", secret: true, required: true },
    { field: "publicKey", suffix: "PUBLIC_KEY", secret: false, required: true },
  ],
  fields: { privateKey: "secret", publicKey: "public" },
  encode: {
    privateKey: ({ privateKey }: PairTexts, own: Options) => written(privateKey, own),
    publicKey: ({ publicKey }: PairTexts, own: Options) => written(publicKey, own),
  },
  decode: ({ privateKey, publicKey }: KeyPair): PairTexts => ({ privateKey: privateKey.reveal(), publicKey }),
  generation: ({ type, bits = 2048 }: Options): Generation => (type === "rsa" ? { make: type, bits } : { make: type }),
  schema: ({ type }: Options): z.ZodType<KeyPair, VariableTexts> =>
    z.custom<VariableTexts>().transform(({ privateKey = "", publicKey }, context) => {
      const read = readPair(type, { privateKey, publicKey });
      return "sentence" in read ? refuse(context, read) : { privateKey: new Secret(read.privateKey), publicKey: read.publicKey };
    }),
  example: (own: Options) => {
    const { privateKey, publicKey } = examplePair(own.type);
    return { privateKey: written(privateKey, own), publicKey: written(publicKey, own) };
  },
  weaknesses: ({ privateKey }) => (bitsOf(privateKey.reveal()) < LEAST_BITS ? [`has a key of fewer than ${LEAST_BITS} bits`] : []),
});

const LEAST_BITS = 2048;

/** The length of an RSA key in PEM; infinite for other types, which have a fixed length. */
const bitsOf = (text: string): number => privateKeyIn(text)?.asymmetricKeyDetails?.modulusLength ?? Infinity;

/**
 * A key pair: `JWT_PRIVATE_KEY` and `JWT_PUBLIC_KEY`. Generated once per environment unless both are supplied. A supplied pair must match.
 */
export const keyPair = (options?: KeyPairOptions): Setting<KeyPair, "keyPair"> =>
  settingOf(keyPairKind, options) as Setting<KeyPair, "keyPair">;
