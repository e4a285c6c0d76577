import type { z } from "zod";

/** Text of an environment variable to what a schema takes; `undefined` where the text is no such thing. */
export type Decode = (text: string) => { readonly value: unknown } | undefined;

/** How a schema is read from text, or why it cannot be. `what` completes the sentence "PORT must be ...". */
export type Reading = { readonly decode: Decode; readonly what: string; readonly closed: boolean } | { readonly refusal: string };

interface Definition {
  readonly type: string;
  readonly innerType?: z.ZodType;
  readonly in?: z.ZodType;
  readonly element?: z.ZodType;
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly items?: readonly z.ZodType[];
  readonly valueType?: z.ZodType;
  readonly options?: readonly z.ZodType[];
  readonly left?: z.ZodType;
  readonly right?: z.ZodType;
  readonly getter?: () => z.ZodType;
  readonly values?: readonly unknown[];
  readonly entries?: Readonly<Record<string, unknown>>;
  readonly coerce?: boolean;
}

/** A zod schema's definition. Told apart by its `type`, not by `instanceof`, so that a schema of another copy of zod is read as well. */
export const definitionOf = (schema: z.ZodType): Definition => schema._zod.def as unknown as Definition;

/** Schemas that only wrap another one: absence, default and marks. */
export const wrappers = new Set(["optional", "nullable", "default", "prefault", "catch", "readonly", "nonoptional"]);

const asIs: Decode = (text) => ({ value: text });

const number: Decode = (text) => (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text.trim()) ? { value: Number(text) } : undefined);

const bigint: Decode = (text) => (/^[+-]?\d+$/.test(text.trim()) ? { value: BigInt(text) } : undefined);

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

const choice = (values: readonly unknown[]): Reading => {
  const allowed = values.filter((value) => value !== undefined && value !== null);
  return {
    decode: oneOf(allowed),
    what: `one of ${allowed.map((value) => JSON.stringify(typeof value === "bigint" ? String(value) : value)).join(", ")}`,
    closed: true,
  };
};

const asText = (what = "text"): Reading => ({ decode: asIs, what, closed: false });

/** By the schema's type: how it is read. A type that is not here cannot be written in a variable. */
const readings: Readonly<Record<string, (definition: Definition) => Reading>> = {
  string: () => asText(),
  template_literal: () => asText(),
  custom: () => asText(),
  any: () => asText(),
  unknown: () => asText(),
  transform: () => asText(),
  number: ({ coerce }) => (coerce ? asText("a number") : { decode: number, what: "a number", closed: true }),
  bigint: ({ coerce }) => (coerce ? asText("a whole number") : { decode: bigint, what: "a whole number", closed: true }),
  boolean: ({ coerce }) =>
    coerce
      ? { refusal: 'z.coerce.boolean() reads "false" as true: write z.boolean()' }
      : { decode: boolean, what: "true or false (also 1, 0, yes, no, on, off)", closed: true },
  date: ({ coerce }) =>
    coerce ? asText("a date") : { refusal: "a z.date() cannot be written as text: use z.coerce.date() or z.iso.datetime()" },
  enum: ({ entries = {} }) => choice(Object.values(entries)),
  literal: ({ values = [] }) => choice(values),
  array: (definition) => structured(definition, "a JSON array"),
  tuple: (definition) => structured(definition, "a JSON array"),
  object: (definition) => structured(definition, "a JSON object"),
  record: (definition) => structured(definition, "a JSON object"),
  intersection: (definition) => structured(definition, "a JSON object"),
  union: ({ options = [] }) => union(options),
  pipe: (definition) => readingOf(required(definition.in)),
  lazy: (definition) => readingOf(required(definition.getter?.())),
};

/** How a schema's value is read from the text of one variable. */
export const readingOf = (schema: z.ZodType): Reading => {
  const definition = definitionOf(schema);
  if (wrappers.has(definition.type)) return readingOf(required(definition.innerType));
  return readings[definition.type]?.(definition) ?? { refusal: `a zod ${definition.type} cannot be written in an environment variable` };
};

const structured = (definition: Definition, what: string): Reading => {
  const refusal = inJson({ ...definition });
  return refusal === undefined ? { decode: json, what, closed: false } : { refusal };
};

const union = (options: readonly z.ZodType[]): Reading => {
  const readings = options.filter((option) => !["undefined", "null"].includes(definitionOf(option).type)).map(readingOf);
  const refused = readings.find((reading) => "refusal" in reading);
  if (refused) return refused;
  const usable = readings.filter((reading) => "decode" in reading);
  const first = usable[0];
  if (!first) return { refusal: "a union without members takes no value" };
  if (usable.every(({ decode }) => decode === first.decode))
    return {
      ...first,
      what: usable
        .map(({ what }) => what)
        .filter(unique)
        .join(" or "),
      closed: false,
    };
  // Literals and enums read what they list and nothing else, so their order cannot matter.
  if (options.every((option) => ["literal", "enum"].includes(definitionOf(option).type))) {
    return {
      decode: (text) => usable.map(({ decode }) => decode(text)).find(Boolean),
      what: usable.map(({ what }) => what).join(" or "),
      closed: true,
    };
  }
  return { refusal: "a union of different types cannot be told apart in text: use one type, or JSON by z.object()" };
};

/** Why something inside a JSON value cannot come out of JSON; `undefined` when all of it can. */
const inJson = (definition: Definition, seen = new Set<z.ZodType>()): string | undefined => {
  if (["bigint", "date"].includes(definition.type) && !definition.coerce)
    return `JSON holds no ${definition.type}: use z.coerce.${definition.type}() inside`;
  if (["map", "set", "symbol", "function", "promise", "file", "void", "undefined", "nan", "never"].includes(definition.type))
    return `JSON holds no ${definition.type}`;
  const inner =
    definition.type === "lazy"
      ? []
      : [definition.element, definition.innerType, definition.in, definition.valueType, definition.left, definition.right];
  const children = [...inner, ...Object.values(definition.shape ?? {}), ...(definition.items ?? []), ...(definition.options ?? [])];
  for (const child of children) {
    if (child === undefined || seen.has(child)) continue;
    seen.add(child);
    const refusal = inJson(definitionOf(child), seen);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
};

const unique = <T>(value: T, index: number, all: readonly T[]) => all.indexOf(value) === index;

const required = <T>(value: T | undefined): T => {
  if (value === undefined) throw new TypeError("a zod schema without the part its type promises");
  return value;
};
