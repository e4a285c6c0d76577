/**
 * A zod 4 schema as public types accept it: from any copy and version, including `zod/v4` of zod 3.25 and `zod/mini`. Has only two properties,
 * because schemas of different versions are not assignable to each other, and comparing them in full takes the compiler minutes.
 */
export interface AnySchema<Output = unknown> {
  readonly _zod: { readonly output: Output; readonly input: unknown };
}

/** The type of the values that a schema returns. */
export type OutputOf<S> = S extends AnySchema<infer Output> ? Output : never;

/** The part of a schema that endow uses. */
export interface Schema extends AnySchema {
  readonly def: { readonly type: string };
  readonly description?: string | undefined;
  clone(def?: object, params?: { parent: boolean }): unknown;
  safeParse(input: unknown): ParseResult;
  safeParseAsync(input: unknown): Promise<ParseResult>;
}

/** The result of `safeParse`. */
export type ParseResult =
  | { readonly success: true; readonly data: unknown }
  | { readonly success: false; readonly error: { readonly issues: readonly object[] } };

/** The parts of a zod schema's definition that endow reads. */
export interface SchemaDefinition {
  readonly type: string;
  readonly innerType?: Schema;
  readonly in?: Schema;
  readonly out?: Schema;
  readonly element?: Schema;
  readonly shape?: Readonly<Record<string, Schema>>;
  readonly catchall?: Schema;
  readonly items?: readonly Schema[];
  readonly rest?: Schema | null;
  readonly keyType?: Schema;
  readonly valueType?: Schema;
  readonly options?: readonly Schema[];
  readonly left?: Schema;
  readonly right?: Schema;
  readonly getter?: () => Schema;
  readonly values?: readonly unknown[];
  readonly entries?: Readonly<Record<string, unknown>>;
  readonly coerce?: boolean;
  readonly format?: string;
  readonly defaultValue?: unknown;
  /** Codecs only: their output differs from their input. */
  readonly transform?: unknown;
  readonly checks?: ReadonlyArray<{ readonly _zod: { readonly def: { readonly check: string } } }>;
}

/** A zod schema's definition. Callers check its `type` instead of `instanceof`, so that schemas of another copy of zod work too. */
export const definitionOf = (schema: Schema): SchemaDefinition => schema.def;

/** Whether a value is a zod 4 schema, from any copy of zod. */
export const isSchema = (value: unknown): value is Schema => typeof value === "object" && value !== null && "_zod" in value;

/** Schema types that only wrap another schema: optionality, defaults and markers. */
export const wrappers: ReadonlySet<string> = new Set(["optional", "nullable", "default", "prefault", "catch", "readonly", "nonoptional"]);

/** A schema's wrappers, outermost first, followed by the wrapped schema. */
export const unwrap = (schema: Schema): readonly Schema[] => {
  const { type, innerType } = definitionOf(schema);
  return [schema, ...(wrappers.has(type) && innerType ? unwrap(innerType) : [])];
};

/** Whether a value is or contains a zod 3 schema, which the module `zod` of zod 3.25 still creates. */
export const usesZod3 = (value: unknown, seen = new Set<unknown>()): boolean => {
  if (!isSchema(value)) return typeof value === "object" && value !== null && "_def" in value;
  if (seen.has(value)) return false;
  seen.add(value);
  return givenParts(value).some((part) => usesZod3(part, seen));
};

/** The schemas that a schema consists of. Does not resolve `z.lazy()`, which may recurse endlessly. */
export const partsOf = (schema: Schema): readonly Schema[] => givenParts(schema).filter(isSchema);

const givenParts = (schema: Schema): readonly unknown[] => {
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
  return [...parts, ...Object.values(shape ?? {}), ...(items ?? []), ...(options ?? [])];
};

/** The part of a schema whose default replaces an absent value before the schema's transformations; `undefined` for a schema without a default. */
export const withDefaultIn = (schema: Schema): Schema | undefined => {
  const { type, innerType, in: input } = definitionOf(schema);
  if (type === "default" || type === "prefault") return schema;
  const inner = wrappers.has(type) ? innerType : input;
  return inner && withDefaultIn(inner);
};

/** That default. */
export const defaultOf = (schema: Schema): { readonly value: unknown } | undefined => {
  const found = withDefaultIn(schema);
  return found && { value: definitionOf(found).defaultValue };
};

/** The absent value that a schema accepts: `undefined`, `null`, or none. */
export const absenceOf = (schema: Schema): "undefined" | "null" | "refused" => {
  const { type, innerType, in: input } = definitionOf(schema);
  if (["optional", "default", "prefault", "catch"].includes(type)) return "undefined";
  // A pipe that starts with a transformation is z.preprocess(), which may produce a value from none.
  if (type === "pipe" && input) return definitionOf(input).type === "transform" ? "undefined" : absenceOf(input);
  if (!innerType || type === "nonoptional") return "refused";
  const inner = absenceOf(innerType);
  return type === "nullable" && inner === "refused" ? "null" : inner;
};

/** The description from `.describe()` or `.meta()`, of a schema or of the schema that it wraps. */
export const descriptionOf = (schema: Schema): string | undefined =>
  unwrap(schema).find(({ description }) => description !== undefined)?.description;
