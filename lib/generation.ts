import { z } from "zod/v4";
import { once } from "./internal/once";

/** Text encoding of bytes. */
export type BytesAs = "hex" | "base64" | "base64url";

/**
 * How to generate a setting's value. Plain data, so that a deploy or a broker can make the value. Text has the field `value`; a key pair has
 * `privateKey` and `publicKey`.
 */
export type Generation =
  | { readonly make: "bytes"; readonly bytes: number; readonly as: BytesAs }
  | { readonly make: "characters"; readonly length: number; readonly alphabet: string }
  | { readonly make: "rsa"; readonly bits: number }
  | { readonly make: "ed25519" }
  | { readonly make: "vapid" };

/** The fields of a generated value. */
export type GeneratedFields = Readonly<Record<string, string>>;

/** What `secret({ generate })` accepts. */
export type Generate =
  | true
  | {
      /** Number of random bytes: 16 to 1024. */
      readonly bytes: number;
      /**
       * Text encoding of the bytes.
       * @default "base64url"
       */
      readonly as?: BytesAs;
    }
  | {
      /** Number of characters: enough for 128 bits of entropy, and at most 1024. */
      readonly length: number;
      /**
       * The characters to choose from: at least 10 letters or digits, and other ASCII characters except spaces, quotes, `$` and backslashes,
       * which .env files and shells interpret differently.
       * @default - A-Z, a-z and 0-9
       */
      readonly alphabet?: string;
    };

/** A-Z, a-z and 0-9: none needs escaping in a URL, a shell or a configuration file. */
export const ALPHANUMERIC = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

const LEAST_BITS = 128;
const LONGEST = 1024;
const FEWEST_CHARACTERS = 10;

const bytes = once(() => z.strictObject({ bytes: z.number(), as: z.enum(["hex", "base64", "base64url"]).default("base64url") }));
const characters = once(() => z.strictObject({ length: z.number(), alphabet: z.string().default(ALPHANUMERIC) }));

/** Schema of the option `generate`. */
export const generateOption = once(() =>
  z
    .union(
      [
        z.literal(true).transform((): Generation => ({ make: "bytes", bytes: 32, as: "base64url" })),
        bytes().transform((given): Generation => ({ make: "bytes", ...given })),
        characters().transform((given): Generation => ({ make: "characters", ...given })),
      ],
      'must be true, { bytes, as: "hex" | "base64" | "base64url" } or { length, alphabet }',
    )
    .superRefine(withinBounds),
);

/** Builds the schema only if the option is given: most secrets are supplied, and should not pay for it. */
export const optionalGenerate = once(() =>
  z
    .custom<unknown>()
    .transform((given, context): Generation | undefined => {
      if (given === undefined) return undefined;
      const { data, error } = generateOption().safeParse(given);
      for (const { message } of error?.issues ?? []) context.addIssue(message);
      return data;
    })
    .optional(),
);

/** Schema of a generation received from another program. */
export const generationSchema = once(() =>
  z
    .discriminatedUnion("make", [
      bytes().extend({ make: z.literal("bytes") }),
      characters().extend({ make: z.literal("characters") }),
      z.strictObject({ make: z.literal("rsa"), bits: z.int().min(2048).max(4096) }),
      z.strictObject({ make: z.literal("ed25519") }),
      z.strictObject({ make: z.literal("vapid") }),
    ])
    .superRefine(withinBounds),
);

/** Whether a stored value fits this generation: a changed option keeps the value, but text cannot become a key pair. */
export const isSameForm = (one: { readonly make: string }, other: { readonly make: string }): boolean => formOf(one) === formOf(other);

/** `text`, `a key pair of type rsa` */
export const formOf = ({ make }: { readonly make: string }): string =>
  make === "bytes" || make === "characters" ? "text" : `a key pair of type ${make}`;

/** The visibility of each field of a generated value. */
export const visibilityOf = ({ make }: Generation): Readonly<Record<string, "public" | "secret">> =>
  make === "bytes" || make === "characters" ? { value: "secret" } : { privateKey: "secret", publicKey: "public" };

/** Examples of the same form, not random: `fake()` uses the first, and a declared schema must accept all. */
export const exampleTexts = (generation: Generation): readonly string[] =>
  [0, 1, 2, 3].flatMap((round) => {
    if (generation.make === "bytes") {
      const all = Array.from({ length: generation.bytes }, (_, index) => (index * 37 + round * 101 + 90) % 256);
      return [Buffer.from(all).toString(generation.as)];
    }
    if (generation.make !== "characters") return [];
    const { length, alphabet } = generation;
    const start = Math.floor((alphabet.length * round) / 4);
    return [Array.from({ length }, (_, index) => alphabet[(start + index) % alphabet.length]).join("")];
  });

/** Completes the sentence "it generates ...". */
export const described = (generation: Generation): string => {
  const length = exampleTexts(generation)[0]?.length ?? 0;
  if (generation.make === "bytes") return `${length} ${generation.as === "hex" ? "hexadecimal" : generation.as} characters`;
  return generation.make === "characters" ? `${length} characters of its alphabet` : formOf(generation);
};

const withinBounds = (generation: Generation, context: { addIssue: (issue: string) => void }): void => {
  const refusal = refusalOf(generation);
  if (refusal !== undefined) context.addIssue(refusal);
};

const refusalOf = (generation: Generation): string | undefined => {
  if (generation.make === "bytes") {
    const { bytes: count } = generation;
    if (Number.isInteger(count) && count * 8 >= LEAST_BITS && count <= LONGEST) return undefined;
    return `bytes must be a whole number from ${LEAST_BITS / 8} to ${LONGEST}: ${count} bytes are ${count * 8} bits, and at least ${LEAST_BITS} are required`;
  }
  if (generation.make !== "characters") return undefined;
  const { length, alphabet } = generation;
  if (!/^[!#%&()*+,\-./0-9:;<=>?@A-Z[\]^_a-z{|}~]*$/.test(alphabet))
    return "alphabet must contain only printable ASCII characters, without spaces, quotes, $ or backslashes";
  if (new Set(alphabet).size < alphabet.length) return "alphabet must contain each character only once";
  // Production rejects text of other characters alone as a placeholder.
  const count = alphabet.replaceAll(/[^A-Za-z0-9]/g, "").length;
  if (count < FEWEST_CHARACTERS) return `alphabet must have at least ${FEWEST_CHARACTERS} letters or digits, not ${count}`;
  const bitsEach = Math.log2(alphabet.length);
  const least = Math.ceil(LEAST_BITS / bitsEach);
  if (Number.isInteger(length) && length >= least && length <= LONGEST) return undefined;
  return (
    `length must be a whole number from ${least} to ${LONGEST}: ${length} characters of ${alphabet.length} are ` +
    `${Math.floor(length * bitsEach)} bits, and at least ${LEAST_BITS} are required`
  );
};
