import { z } from "zod/v4";
import { bindKind, type BoundKind } from "./bound-kind";
import { environmentTypes, type EnvironmentType } from "./environment";
import type { Kind, VariableTexts } from "./kind";
import { once } from "./internal/once";
import type { Schema } from "./schema";

/** Variable names by field: one, several (all are delivered, the first that is set is read), or `false` for none. */
export type VariableNames<Field extends string = string> = { readonly [F in Field]?: string | readonly string[] | false };

/** An alternative set of names: a base name, or names by field. */
export type Alias<Field extends string = string> = string | VariableNames<Field>;

/** Options common to settings of all kinds. `Field` is a field of the kind's variables. */
export interface SettingOptions<
  Fallback extends string = string,
  RequiredIn extends readonly EnvironmentType[] = readonly EnvironmentType[],
  Field extends string = string,
> {
  /**
   * Name of the variable, or the part before the suffix for a kind with several variables. Used unchanged, without the group's prefix.
   * @default - the group's prefix and the setting's name in SCREAMING_SNAKE_CASE
   */
  readonly env?: string;
  /**
   * Exact variable names by field: `{ url: false, host: "DB_HOST", port: "DB_PORT" }`.
   * @default - the kind's default variables, named from `env`
   */
  readonly variables?: VariableNames<Field>;
  /**
   * Further variables composed of the setting's fields, for apps that expect another form: `{ SPRING_DATASOURCE_URL: "jdbc:postgresql://{host}:{port}/{database}" }`.
   * In a text with `://`, fields are percent-encoded; `{field:raw}`, `:query`, `:json`, `:libpq` and `:ado` choose another encoding. Only delivered,
   * never read by `load()`.
   */
  readonly derive?: Readonly<Record<string, string>>;
  /**
   * Whether a value may be in a file named by `NAME_FILE`. Set to false if the app itself uses such a variable.
   * @default true
   */
  readonly files?: boolean;
  /** Alternative names of all the setting's variables, tried in order after its own. */
  readonly alias?: Alias<Field> | readonly Alias<Field>[];
  /** Another setting of the group, of the same kind, whose value is used when this one has none. A chain has at most 16 fallbacks. */
  readonly fallback?: Fallback;
  /**
   * Environment types in which the setting must have a value; elsewhere it may be `undefined`.
   * @default - required everywhere
   */
  readonly requiredIn?: RequiredIn;
  /**
   * Names the setting's resources, permanently.
   * @default - `<group>.<name>`
   */
  readonly id?: string;
  /** Ids from before a rename or a move, so that the setting keeps its resources. */
  readonly formerly?: readonly string[];
  /** One line for tables and guides. */
  readonly description?: string;
}

/**
 * Tags a schema's type with the setting's traits that group types need. Exists only at compile time. A name, not a unique symbol, which would
 * differ between copies of this package.
 */
export interface Traited<Kind extends string, Fallback extends string, Conditional extends boolean> {
  readonly "~setting": { readonly kind: Kind; readonly fallback: Fallback; readonly conditional: Conditional };
}

/** A zod schema with a kind. Supports `.optional()`, `.nullable()`, `.describe()`, `.meta()`, `.refine()`, `.readonly()` and `.brand()`. */
export interface Setting<Value, Kind extends string, Fallback extends string = never, Conditional extends boolean = false>
  extends z.ZodType<Value, VariableTexts>, Traited<Kind, Fallback, Conditional> {}

/** A function that builds settings of one kind from the kind's own options and the common ones. */
export type Builder<Own, Value, Kind extends string, Field extends string = "value"> = <
  Fallback extends string = never,
  const RequiredIn extends readonly EnvironmentType[] = never,
>(
  options?: Own & SettingOptions<Fallback, RequiredIn, Field>,
) => Setting<Value, Kind, Fallback, IsConditional<RequiredIn>>;

/** Whether `requiredIn` was given. */
export type IsConditional<RequiredIn> = [RequiredIn] extends [never] ? false : true;

/** The traits of a setting, including one wrapped in `.optional()` and the like. */
export type TraitsOf<S> = S extends { readonly "~setting": infer T }
  ? T
  : S extends { _zod: { def: { innerType: infer Inner } } }
    ? TraitsOf<Inner>
    : never;

/** Metadata attached to a setting's schema. When zod copies the schema, it copies the definition and the metadata in it. */
export interface Metadata {
  readonly kind: BoundKind;
  readonly common: SettingOptions;
  /** Problems with the options; `settings()` reports them together with all others. */
  readonly issues: readonly string[];
}

const METADATA = Symbol.for("endow.setting");

const common = once(() => {
  const id = z.string().regex(/^[a-zA-Z][\w.-]*$/, "an id must start with a letter and contain only letters, digits, . - and _");
  const names = z.record(
    z.string(),
    z.union([z.string(), z.array(z.string()).min(1), z.literal(false)], "must be a name, a list of names, or false"),
  );
  const alias = z.union([z.string(), names], "must be a base name, or names by field");
  return {
    env: z.string(),
    variables: names,
    derive: z.record(z.string(), z.string()),
    files: z.boolean(),
    alias: z.union([alias, z.array(alias)], "must be a base name, names by field, or a list of them"),
    fallback: z.string(),
    requiredIn: z.array(z.enum(environmentTypes)).min(1),
    id,
    formerly: z.array(id),
    description: z.string(),
  } satisfies Record<keyof SettingOptions, z.ZodType>;
});

/** Creates a kind's builder; the type that the result is assigned to defines its own options. */
export const builderOf = <Own, Value, Name extends string, Options, Fields, Field extends string>(
  kind: Kind<Name, Options, Fields, Value> & { readonly variables: ReadonlyArray<{ readonly field: Field }> },
): Builder<Own, Value, Name, Field> => ((options?: object) => settingOf(kind, options)) as Builder<Own, Value, Name, Field>;

/** Builds a setting from the kind's own options and the common ones: checked here, reported by `settings()`. */
export const settingOf = <Options, Fields, Value>(
  kind: Kind<string, Options, Fields, Value>,
  given?: object,
): z.ZodType<Value, VariableTexts> => {
  const { options, metadata } = checked(kind, given);
  return withMetadata(kind.schema(options), metadata);
};

/** Checks a setting's options. Invalid options fall back to the defaults, so that the rest can be checked too. */
export const metadataFor = <Options, Fields, Value>(kind: Kind<string, Options, Fields, Value>, given?: object): Metadata =>
  checked(kind, given).metadata;

const checked = <Options, Fields, Value>(kind: Kind<string, Options, Fields, Value>, given: object = {}) => {
  const entries = Object.entries(given).filter(([, value]) => value !== undefined);
  const own = kind.options().safeParse(Object.fromEntries(entries.filter(([key]) => !Object.hasOwn(common(), key))));
  const shared = entries.flatMap(([key, value]) =>
    Object.hasOwn(common(), key) ? [[key, common()[key as keyof SettingOptions].safeParse(value)] as const] : [],
  );
  const issues = [["", own] as const, ...shared].flatMap(
    ([key, result]) =>
      result.error?.issues.map(({ path, message }) => [[key, ...path].filter(String).join("."), message].filter(Boolean).join(": ")) ?? [],
  );
  const options = own.success ? own.data : kind.options().parse({});
  const metadata: Metadata = {
    kind: bindKind(kind, options),
    common: Object.fromEntries(shared.flatMap(([key, result]) => (result.success ? [[key, result.data]] : []))),
    issues,
  };
  return { options, metadata };
};

/** A copy of a schema with metadata attached; the original is unchanged. */
export const withMetadata = <S extends Schema>(schema: S, metadata: Metadata): S => {
  // Copies descriptors: a default or a shape may be a getter, which a spread would evaluate only once.
  const descriptors = { ...Object.getOwnPropertyDescriptors(schema.def), [METADATA]: { value: metadata, enumerable: true } };
  return schema.clone(Object.defineProperties({}, descriptors), { parent: true }) as S;
};

/** The metadata of the schema itself; `undefined` if no kind's builder made it. */
export const metadataOf = (schema: Schema): Metadata | undefined => (schema.def as { [METADATA]?: Metadata })[METADATA];
