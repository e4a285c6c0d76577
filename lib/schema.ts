import type { z } from "zod";

/** The parts of a zod schema's definition that are looked at here. */
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
  readonly defaultValue?: unknown;
}

/** A zod schema's definition. Told apart by its `type`, not by `instanceof`, so that a schema of another copy of zod is read as well. */
export const definitionOf = (schema: z.ZodType): SchemaDefinition => schema.def;

/** Whether a value is a schema of zod 4, from whichever copy of it. */
export const isSchema = (value: unknown): value is z.ZodType => typeof value === "object" && value !== null && "_zod" in value;

/** Schemas that only wrap another one: absence, default and marks. */
export const wrappers: ReadonlySet<string> = new Set(["optional", "nullable", "default", "prefault", "catch", "readonly", "nonoptional"]);

/** A schema's wrappers, outermost first, down to and with what they wrap. */
export const unwrap = (schema: z.ZodType): readonly z.ZodType[] => {
  const { type, innerType } = definitionOf(schema);
  return [schema, ...(wrappers.has(type) && innerType ? unwrap(innerType) : [])];
};

/** The schemas that a schema is made of. A `z.lazy()` is not opened: it may go on for ever. */
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

/** What stands in for an absent value before a schema's own transformations; `undefined` for a schema without a default. */
export const defaultOf = (schema: z.ZodType): { readonly value: unknown } | undefined => {
  const { type, defaultValue, innerType, in: input } = definitionOf(schema);
  if (type === "default" || type === "prefault") return { value: defaultValue };
  const inner = wrappers.has(type) ? innerType : input;
  return inner && defaultOf(inner);
};

/** What a schema takes for an absent value: `undefined`, `null`, or none. */
export const absenceOf = (schema: z.ZodType): "undefined" | "null" | "refused" => {
  const { type, innerType, in: input } = definitionOf(schema);
  if (["optional", "default", "prefault", "catch"].includes(type)) return "undefined";
  // A pipe that starts with a transformation is z.preprocess(), which may make a value of nothing.
  if (type === "pipe" && input) return definitionOf(input).type === "transform" ? "undefined" : absenceOf(input);
  if (!innerType || type === "nonoptional") return "refused";
  const inner = absenceOf(innerType);
  return type === "nullable" && inner === "refused" ? "null" : inner;
};

/** What `.describe()` or `.meta()` said about a schema or about what it wraps. */
export const descriptionOf = (schema: z.ZodType): string | undefined =>
  unwrap(schema).find(({ description }) => description !== undefined)?.description;
