import type { BoundKind } from "./bound-kind";
import { FLAG_WORDS } from "./connection/flag";
import { ownValue } from "./internal/own-value";
import { definitionOf, partsOf, wrappers, type Schema, type SchemaDefinition } from "./schema";
import {
  readText,
  readBigint,
  readBoolean,
  readJson,
  readNumber,
  readOneOf,
  reading,
  type spellings,
  writeBoolean,
  writeJson,
  writeNumber,
  writeText,
  type Decode,
  type Reading,
  type Write,
} from "./text-values";

/** How to write the values of a plain setting. */
export interface TextOptions {
  /** The separator of a list's entries. */
  readonly separator?: string | undefined;
  /** The spelling of true. */
  readonly boolean?: keyof typeof spellings | undefined;
}

/** A declared value as messages show it: `"openai"`, `5`. */
export const shown = (value: unknown): string => (typeof value === "string" ? JSON.stringify(value) : String(value));

const choice = (values: readonly unknown[]): Reading => {
  const allowed = values.filter((value) => value !== undefined && value !== null);
  const write: Write = (value) => (allowed.some((one) => Object.is(one, value)) ? String(value) : undefined);
  return reading(readOneOf(allowed), write, `one of ${allowed.map(shown).join(", ")}`, true, "write it exactly as listed");
};

/** The values of an enum, without the reverse mappings that TypeScript adds to a numeric one. */
const enumValues = (entries: Readonly<Record<string, unknown>>): readonly unknown[] => {
  const numbers = new Set(Object.values(entries).filter((value) => typeof value === "number"));
  return Object.entries(entries).flatMap(([name, value]) => (numbers.has(Number(name)) ? [] : [value]));
};

const asText = (): Reading => reading(readText, writeText, "text", false);

/** How each schema type is read and written. Other types cannot be written to a variable. */
const readings: Readonly<Record<string, (definition: SchemaDefinition, schema: Schema, options: TextOptions) => Reading>> = {
  string: () => asText(),
  template_literal: () => asText(),
  custom: () => asText(),
  any: () => asText(),
  unknown: () => asText(),
  transform: () => asText(),
  number: () => reading(readNumber, writeNumber, "a number", true, "write digits, such as 42 or -1.5"),
  bigint: () => reading(readBigint, writeNumber, "a whole number", true, "write only digits, such as 42"),
  boolean: ({ coerce }, _schema, options) =>
    coerce
      ? { refusal: 'z.coerce.boolean() reads "false" as true: use z.boolean()' }
      : reading(readBoolean, writeBoolean(options.boolean), FLAG_WORDS, true, "write true or false"),
  date: ({ coerce }) => (coerce ? asText() : { refusal: "a z.date() cannot be written as text: use z.coerce.date() or z.iso.datetime()" }),
  enum: ({ entries = {} }) => choice(enumValues(entries)),
  literal: ({ values = [] }) => choice(values),
  array: (definition, schema, options) => list(required(definition.element), schema, options),
  tuple: (_definition, schema) => structured(schema, "a JSON array", JSON_LIST),
  object: (_definition, schema) => structured(schema, "a JSON object", JSON_OBJECT),
  record: (_definition, schema) => structured(schema, "a JSON object", JSON_OBJECT),
  intersection: (_definition, schema) => structured(schema, "a JSON object", JSON_OBJECT),
  union: ({ options = [] }, _schema, texts) => union(options, texts),
  pipe: (definition, _schema, options) => read(required(definition.in), options),
  lazy: (definition, _schema, options) => read(required(definition.getter?.()), options),
};

const read = (schema: Schema, options: TextOptions): Reading => {
  const definition = definitionOf(schema);
  if (wrappers.has(definition.type)) return read(required(definition.innerType), options);
  return (
    ownValue(readings, definition.type)?.(definition, schema, options) ?? {
      refusal: `a zod ${definition.type} cannot be written in an environment variable`,
    }
  );
};

/** How a schema's value is read from a variable's text, and written. */
export const readingOf = (schema: Schema, options: TextOptions = {}): Reading => {
  const found = read(schema, options);
  if ("refusal" in found) return found;
  if (options.separator !== undefined && !reads(schema, "array")) return { refusal: "a separator needs a list: use z.array()" };
  if (options.boolean !== undefined && !reads(schema, "boolean")) return { refusal: "the option boolean needs z.boolean()" };
  return { ...found, encode: (value) => (transforms(schema) ? undefined : found.encode(value)) };
};

/** How a setting's text is read and written, with the setting's own options. */
export const settingReading = ({ schema, kind }: { readonly schema: Schema; readonly kind: BoundKind }): Reading =>
  readingOf(schema, kind.plain ? (kind.options as TextOptions) : {});

/** Whether a schema reads the given type or a list of it. */
const reads = (schema: Schema, wanted: "array" | "boolean"): boolean => {
  const { type, innerType, in: input, getter, element } = definitionOf(schema);
  const inner = wrappers.has(type) ? innerType : (input ?? getter?.() ?? element);
  return type === wanted || (inner !== undefined && reads(inner, wanted));
};

/** Whether a schema may change the value that it reads: then its values cannot be written back. */
const transforms = (schema: Schema, seen = new Set<Schema>()): boolean => {
  if (seen.has(schema)) return false;
  seen.add(schema);
  const { type, transform, checks = [], getter } = definitionOf(schema);
  if (type === "transform" || transform !== undefined || checks.some((check) => check["_zod"].def.check === "overwrite")) return true;
  return [...partsOf(schema), ...(getter && seen.size < 100 ? [getter()] : [])].some((part) => transforms(part, seen));
};

/** With a separator, entries are trimmed and empty ones dropped, as most apps do. A JSON array is read as well. */
const list = (element: Schema, schema: Schema, { separator, boolean: spelling }: TextOptions): Reading => {
  const entry = read(element, { boolean: spelling });
  const isPlain = "decode" in entry && entry.decode !== readJson;
  if (separator === undefined) return structured(schema, "a JSON array", isPlain ? SEPARATED : JSON_LIST);
  if (!isPlain) return "refusal" in entry ? entry : { refusal: "only a list of strings, numbers, booleans or enums can have a separator" };
  const decode: Decode = (text) => {
    const array = text.trimStart().startsWith("[") ? readJson(text) : undefined;
    if (Array.isArray(array?.value)) return array;
    const entries = text.split(separator).map((part) => part.trim());
    const decoded = entries.filter((part) => part !== "").map(entry.decode);
    return decoded.includes(undefined) ? undefined : { value: decoded.map((one) => one?.value) };
  };
  const write: Write = (value) => {
    const texts = Array.isArray(value) ? value.map(entry.encode) : [undefined];
    return texts.includes(undefined) ? undefined : texts.join(separator);
  };
  return reading(decode, write, `a list separated by ${shown(separator)}, each entry ${entry.what}`, entry.closed);
};

const JSON_OBJECT = 'write JSON, such as {"a":1}';
const JSON_LIST = 'write JSON, such as ["a","b"]';
const SEPARATED = `${JSON_LIST}, or declare setting(schema, { separator: "," }) to read a,b`;

const structured = (schema: Schema, what: string, fix: string): Reading => {
  const refusal = refusalInJson(schema);
  return refusal === undefined ? reading(readJson, writeJson, what, false, fix) : { refusal };
};

const union = (options: readonly Schema[], texts: TextOptions): Reading => {
  const members = options.filter((option) => !["undefined", "null"].includes(definitionOf(option).type));
  const readings = members.map((member) => read(member, texts));
  const refused = readings.find((reading) => "refusal" in reading);
  if (refused) return refused;
  const usable = readings.filter((reading) => "decode" in reading);
  const first = usable[0];
  if (!first) return { refusal: "a union without members accepts no value" };
  const what = [...new Set(usable.map((reading) => reading.what))].join(" or ");
  const closed = usable.every((reading) => reading.closed);
  const write: Write = (value) => usable.map(({ encode }) => encode(value)).find((text) => text !== undefined);
  if (usable.every(({ decode }) => decode === first.decode)) return reading(first.decode, write, what, closed, first.fix);
  // Literals and enums accept only the values that they list, so their order does not matter.
  if (members.every((member) => ["literal", "enum"].includes(definitionOf(member).type)))
    return reading((text) => usable.map(({ decode }) => decode(text)).find(Boolean), write, what, closed, first.fix);
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
