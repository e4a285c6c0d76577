import { ownValue } from "./internal/own-value";
import { definitionOf, partsOf, wrappers, type Schema, type SchemaDefinition } from "./schema";

/** Decodes the text of an environment variable into a schema's input; `undefined` if the text does not represent one. */
export type Decode = (text: string) => { readonly value: unknown } | undefined;

/**
 * How a schema is read from text, or why it cannot be. `what` completes the sentence "PORT must be ...";
 * `closed` means that only a limited set of texts is accepted, none of which can be a secret.
 */
export type Reading = { readonly decode: Decode; readonly what: string; readonly closed: boolean } | { readonly refusal: string };

const asIs: Decode = (text) => ({ value: text });

/** Matches in linear time: each character can be read in only one way. */
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;

const number: Decode = (text) => (NUMBER.test(text.trim()) ? { value: Number(text) } : undefined);

const bigint: Decode = (text) => {
  const digits = /^\+?(-?\d+)$/.exec(text.trim())?.[1];
  return digits === undefined ? undefined : { value: BigInt(digits) };
};

const words = new Map([
  ["true", true],
  ["1", true],
  ["yes", true],
  ["on", true],
  ["false", false],
  ["0", false],
  ["no", false],
  ["off", false],
]);

const boolean: Decode = (text) => {
  const value = words.get(text.trim().toLowerCase());
  return value === undefined ? undefined : { value };
};

const json: Decode = (text) => {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
};

const oneOf = (allowed: readonly unknown[]): Decode => {
  const byText = new Map(allowed.map((value) => [String(value), value]));
  return (text) => (byText.has(text) ? { value: byText.get(text) } : undefined);
};

/** A declared value as messages show it: `"openai"`, `5`. */
export const shown = (value: unknown): string => (typeof value === "string" ? JSON.stringify(value) : String(value));

const choice = (values: readonly unknown[]): Reading => {
  const allowed = values.filter((value) => value !== undefined && value !== null);
  return { decode: oneOf(allowed), what: `one of ${allowed.map(shown).join(", ")}`, closed: true };
};

/** The values of an enum, without the reverse mappings that TypeScript adds to a numeric one. */
const enumValues = (entries: Readonly<Record<string, unknown>>): readonly unknown[] => {
  const numbers = new Set(Object.values(entries).filter((value) => typeof value === "number"));
  return Object.entries(entries).flatMap(([name, value]) => (numbers.has(Number(name)) ? [] : [value]));
};

const asText = (what = "text"): Reading => ({ decode: asIs, what, closed: false });

/** How each schema type is read. Other types cannot be written in a variable. */
const readings: Readonly<Record<string, (definition: SchemaDefinition, schema: Schema) => Reading>> = {
  string: () => asText(),
  template_literal: () => asText(),
  custom: () => asText(),
  any: () => asText(),
  unknown: () => asText(),
  transform: () => asText(),
  number: () => ({ decode: number, what: "a number", closed: true }),
  bigint: () => ({ decode: bigint, what: "a whole number", closed: true }),
  boolean: ({ coerce }) =>
    coerce
      ? { refusal: 'z.coerce.boolean() reads "false" as true: use z.boolean()' }
      : { decode: boolean, what: "true or false (also 1, 0, yes, no, on, off)", closed: true },
  date: ({ coerce }) =>
    coerce ? asText("a date") : { refusal: "a z.date() cannot be written as text: use z.coerce.date() or z.iso.datetime()" },
  enum: ({ entries = {} }) => choice(enumValues(entries)),
  literal: ({ values = [] }) => choice(values),
  array: (_definition, schema) => structured(schema, "a JSON array"),
  tuple: (_definition, schema) => structured(schema, "a JSON array"),
  object: (_definition, schema) => structured(schema, "a JSON object"),
  record: (_definition, schema) => structured(schema, "a JSON object"),
  intersection: (_definition, schema) => structured(schema, "a JSON object"),
  union: ({ options = [] }) => union(options),
  pipe: (definition) => readingOf(required(definition.in)),
  lazy: (definition) => readingOf(required(definition.getter?.())),
};

/** How a schema's value is read from a variable's text. */
export const readingOf = (schema: Schema): Reading => {
  const definition = definitionOf(schema);
  if (wrappers.has(definition.type)) return readingOf(required(definition.innerType));
  return (
    ownValue(readings, definition.type)?.(definition, schema) ?? {
      refusal: `a zod ${definition.type} cannot be written in an environment variable`,
    }
  );
};

const structured = (schema: Schema, what: string): Reading => {
  const refusal = refusalInJson(schema);
  return refusal === undefined ? { decode: json, what, closed: false } : { refusal };
};

const union = (options: readonly Schema[]): Reading => {
  const members = options.filter((option) => !["undefined", "null"].includes(definitionOf(option).type));
  const readings = members.map(readingOf);
  const refused = readings.find((reading) => "refusal" in reading);
  if (refused) return refused;
  const usable = readings.filter((reading) => "decode" in reading);
  const first = usable[0];
  if (!first) return { refusal: "a union without members accepts no value" };
  const what = [...new Set(usable.map((reading) => reading.what))].join(" or ");
  const closed = usable.every((reading) => reading.closed);
  if (usable.every(({ decode }) => decode === first.decode)) return { decode: first.decode, what, closed };
  // Literals and enums accept only the values that they list, so their order does not matter.
  if (members.every((member) => ["literal", "enum"].includes(definitionOf(member).type)))
    return { decode: (text) => usable.map(({ decode }) => decode(text)).find(Boolean), what, closed };
  return { refusal: "a union of different types is ambiguous as text: use one type, or JSON with z.object()" };
};

const notInJson = new Set(["map", "set", "symbol", "function", "promise", "file", "nan"]);

/** Why part of a schema cannot be read from JSON; `undefined` when all of it can. */
const refusalInJson = (schema: Schema, seen = new Set<Schema>()): string | undefined => {
  const { type, coerce } = definitionOf(schema);
  if (["bigint", "date"].includes(type) && !coerce) return `JSON cannot represent a ${type}: use z.coerce.${type}() inside`;
  if (notInJson.has(type)) return `JSON cannot represent a ${type}`;
  for (const part of partsOf(schema)) {
    // A pipe's output is computed from its input.
    if (seen.has(part) || (type === "pipe" && part === definitionOf(schema).out)) continue;
    seen.add(part);
    const refusal = refusalInJson(part, seen);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
};

const required = <T>(value: T | undefined): T => {
  if (value === undefined) throw new TypeError("a zod schema without the part its type promises");
  return value;
};
