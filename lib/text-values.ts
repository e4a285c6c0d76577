import { readFlag } from "./connection/flag";

/** Decodes the text of an environment variable into a schema's input; `undefined` if it cannot be decoded. */
export type Decode = (text: string) => { readonly value: unknown } | undefined;

/** Writes a value as text that decodes to it; `undefined` if there is no such text, or if the schema would change the value. */
export type Encode = (value: unknown) => string | undefined;

/**
 * How a schema is read from text and written, or why it cannot be. `what` completes the sentence "PORT must be ...".
 * `closed` means that only a limited set of strings is accepted, none of which can be secret.
 */
export type Reading =
  | { readonly decode: Decode; readonly encode: Encode; readonly what: string; readonly closed: boolean; readonly fix?: string }
  | { readonly refusal: string };

/** Spellings of true, each with its counterpart for false. */
export const spellings = {
  true: "false",
  True: "False",
  TRUE: "FALSE",
  "1": "0",
  yes: "no",
  Yes: "No",
  YES: "NO",
  on: "off",
  On: "Off",
  ON: "OFF",
} as const;

/** A spelling of true, which also decides the spelling of false. */
export type Spelling = keyof typeof spellings;

export const readText: Decode = (text) => ({ value: text });

/** Matches in linear time: each character can be read in only one way. */
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;

export const readNumber: Decode = (text) => (NUMBER.test(text.trim()) ? { value: Number(text) } : undefined);

export const readBigint: Decode = (text) => {
  const digits = /^\+?(-?\d+)$/.exec(text.trim())?.[1];
  return digits === undefined ? undefined : { value: BigInt(digits) };
};

export const readBoolean: Decode = (text) => {
  const value = readFlag(text.trim());
  return value === undefined ? undefined : { value };
};

export const readJson: Decode = (text) => {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
};

export const readOneOf = (allowed: readonly unknown[]): Decode => {
  const byText = new Map(allowed.map((value) => [String(value), value]));
  return (text) => (byText.has(text) ? { value: byText.get(text) } : undefined);
};

export type Write = (value: unknown) => string | undefined;

/** A reading that writes only text that it reads back. */
export const reading = (decode: Decode, write: Write, what: string, closed: boolean, fix?: string): Reading => ({
  decode,
  encode: (value) => {
    const text = write(value);
    // An empty variable counts as unset; no variable can hold NUL or half a character.
    if (text === undefined || text === "" || /\0|\p{Cs}/u.test(text)) return undefined;
    const decoded = decode(text);
    return decoded && process.getBuiltinModule("node:util").isDeepStrictEqual(decoded.value, value) ? text : undefined;
  },
  what,
  closed,
  ...(fix !== undefined && { fix }),
});

export const writeText: Write = (value) => (typeof value === "string" ? value : undefined);

export const writeNumber: Write = (value) => {
  if (typeof value === "number") return Object.is(value, -0) ? "-0" : String(value);
  return typeof value === "bigint" ? String(value) : undefined;
};

export const writeBoolean =
  (spelling?: Spelling): Write =>
  (value) =>
    typeof value === "boolean" ? spelled(value, spelling) : undefined;

export const spelled = (value: boolean, spelling: Spelling = "true"): string => (value ? spelling : spellings[spelling]);

export const writeJson: Write = (value) => {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
};
