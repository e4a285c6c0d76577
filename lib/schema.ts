import type { z } from "zod/v4";

/** The parts of a zod schema's definition that endow reads. */
export interface SchemaDefinition {
  readonly type: string;
  readonly innerType?: z.ZodType;
  readonly in?: z.ZodType;
  readonly out?: z.ZodType;
  readonly element?: z.ZodType;
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly catchall?: z.ZodType;
  readonly items?: readonly z.ZodType[];
  readonly rest?: z.ZodType | null;
  readonly keyType?: z.ZodType;
  readonly valueType?: z.ZodType;
  readonly options?: readonly z.ZodType[];
  readonly left?: z.ZodType;
  readonly right?: z.ZodType;
  readonly getter?: () => z.ZodType;
  readonly values?: readonly unknown[];
  readonly entries?: Readonly<Record<string, unknown>>;
  readonly coerce?: boolean;
  readonly format?: string;
  readonly defaultValue?: unknown;
  /** Of a codec, whose output differs from its input. */
  readonly transform?: unknown;
  readonly checks?: readonly z.core.$ZodCheck[];
}

/** A zod schema's definition. Callers check its `type` instead of `instanceof`, so that schemas of another copy of zod work too. */
export const definitionOf = (schema: z.ZodType): SchemaDefinition => schema.def;

/** Whether a value is a zod 4 schema, from any copy of zod. */
export const isSchema = (value: unknown): value is z.ZodType => typeof value === "object" && value !== null && "_zod" in value;

/** Schema types that only wrap another schema: optionality, defaults and markers. */
export const wrappers: ReadonlySet<string> = new Set(["optional", "nullable", "default", "prefault", "catch", "readonly", "nonoptional"]);

/** A schema's wrappers, outermost first, followed by the wrapped schema. */
export const unwrap = (schema: z.ZodType): readonly z.ZodType[] => {
  const { type, innerType } = definitionOf(schema);
  return [schema, ...(wrappers.has(type) && innerType ? unwrap(innerType) : [])];
};

/** The schemas that a schema consists of. Does not resolve `z.lazy()`, which may recurse endlessly. */
export const partsOf = (schema: z.ZodType): readonly z.ZodType[] => {
  const {
    innerType,
    in: input,
    out,
    element,
    shape,
    catchall,
    items,
    rest,
    keyType,
    valueType,
    options,
    left,
    right,
  } = definitionOf(schema);
  const parts = [innerType, input, out, element, catchall, rest, keyType, valueType, left, right];
  return [...parts, ...Object.values(shape ?? {}), ...(items ?? []), ...(options ?? [])].filter(isSchema);
};

/** The default that replaces an absent value before a schema's transformations; `undefined` for a schema without a default. */
export const defaultOf = (schema: z.ZodType): { readonly value: unknown } | undefined => {
  const { type, defaultValue, innerType, in: input } = definitionOf(schema);
  if (type === "default" || type === "prefault") return { value: defaultValue };
  const inner = wrappers.has(type) ? innerType : input;
  return inner && defaultOf(inner);
};

/** The absent value that a schema accepts: `undefined`, `null`, or none. */
export const absenceOf = (schema: z.ZodType): "undefined" | "null" | "refused" => {
  const { type, innerType, in: input } = definitionOf(schema);
  if (["optional", "default", "prefault", "catch"].includes(type)) return "undefined";
  // A pipe that starts with a transformation is z.preprocess(), which may produce a value from none.
  if (type === "pipe" && input) return definitionOf(input).type === "transform" ? "undefined" : absenceOf(input);
  if (!innerType || type === "nonoptional") return "refused";
  const inner = absenceOf(innerType);
  return type === "nullable" && inner === "refused" ? "null" : inner;
};

/** The description from `.describe()` or `.meta()`, of a schema or of the schema that it wraps. */
export const descriptionOf = (schema: z.ZodType): string | undefined =>
  unwrap(schema).find(({ description }) => description !== undefined)?.description;
