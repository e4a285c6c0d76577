import { z } from "zod";
import { bindKind, type BoundKind } from "./bound-kind";
import { environmentTypes, type EnvironmentType } from "./environment";
import type { Kind, VariableTexts } from "./kind";
import { once } from "./internal/once";

/** What can be said about any setting, whatever its kind. */
export interface SettingOptions<
  Fallback extends string = string,
  RequiredIn extends readonly EnvironmentType[] = readonly EnvironmentType[],
> {
  /**
   * Name of the variable, or the part before the suffix for a kind of several variables.
   * @default - the setting's name in SCREAMING_SNAKE_CASE
   */
  readonly env?: string;
  /** Other names under which the value is accepted, tried in turn after the setting's own. */
  readonly alias?: string | readonly string[];
  /** Another setting of the group, of the same kind, whose value is taken when this one has none. A chain of fallbacks has at most 16 of them. */
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
  /** Ids that the setting had before a rename or a move, so that its resources are kept. */
  readonly formerly?: readonly string[];
  /** One line for tables and guides. */
  readonly description?: string;
}

declare const traits: unique symbol;

/** Marks a schema's type with what the types of a group need to know about the setting. Exists for the compiler alone. */
export interface Traited<Kind extends string, Fallback extends string, Conditional extends boolean> {
  readonly [traits]: { readonly kind: Kind; readonly fallback: Fallback; readonly conditional: Conditional };
}

/** A setting: a zod schema that knows its kind. Accepts `.optional()`, `.nullable()`, `.describe()`, `.meta()`, `.refine()`, `.readonly()` and `.brand()`. */
export interface Setting<Value, Kind extends string, Fallback extends string = never, Conditional extends boolean = false>
  extends z.ZodType<Value, VariableTexts>, Traited<Kind, Fallback, Conditional> {}

/** A function that makes settings of one kind, with options of the kind's own and the common ones. */
export type Builder<Own, Value, Kind extends string> = <
  Fallback extends string = never,
  const RequiredIn extends readonly EnvironmentType[] = never,
>(
  options?: Own & SettingOptions<Fallback, RequiredIn>,
) => Setting<Value, Kind, Fallback, IsConditional<RequiredIn>>;

/** Whether `requiredIn` was given. */
export type IsConditional<RequiredIn> = [RequiredIn] extends [never] ? false : true;

/** The traits of a setting, also from inside `.optional()` and the like. */
export type TraitsOf<S> = S extends { readonly [traits]: infer T }
  ? T
  : S extends { _zod: { def: { innerType: infer Inner } } }
    ? TraitsOf<Inner>
    : never;

/** What a setting's schema carries along. Wherever zod copies the schema, it copies its definition, and this with it. */
export interface Metadata {
  readonly kind: BoundKind;
  readonly common: SettingOptions;
  /** What is wrong with the options; told by `settings()`, together with everything else that is wrong. */
  readonly issues: readonly string[];
}

const METADATA = Symbol.for("endow.setting");

const common = once(() => {
  const id = z.string().regex(/^[a-zA-Z][\w.-]*$/, "an id is made of letters, digits, . - and _");
  return {
    env: z.string(),
    alias: z.union([z.string(), z.array(z.string())]),
    fallback: z.string(),
    requiredIn: z.array(z.enum(environmentTypes)).min(1),
    id,
    formerly: z.array(id),
    description: z.string(),
  } satisfies Record<keyof SettingOptions, z.ZodType>;
});

/** The builder of a kind; its own options are named by the type that the result is assigned to. */
export const builderOf = <Own, Value, Name extends string, Options, Fields>(
  kind: Kind<Name, Options, Fields, Value>,
): Builder<Own, Value, Name> => ((options?: object) => settingOf(kind, options)) as Builder<Own, Value, Name>;

/** Makes a setting of a kind: its own options and the common ones together, checked now and complained about by `settings()`. */
export const settingOf = <Options, Fields, Value>(
  kind: Kind<string, Options, Fields, Value>,
  given?: object,
): z.ZodType<Value, VariableTexts> => {
  const { options, metadata } = checked(kind, given);
  return withMetadata(kind.schema(options), metadata);
};

/** Checks the options given for a setting of a kind. Options that are refused fall back to the defaults, so that the rest can be checked too. */
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

/** A copy of a schema that carries metadata; the schema given stays as it was. */
export const withMetadata = <S extends z.ZodType>(schema: S, metadata: Metadata): S => {
  // By descriptors: a default or a shape may be a getter, which a spread would call now, once for all.
  const descriptors = { ...Object.getOwnPropertyDescriptors(schema.def), [METADATA]: { value: metadata, enumerable: true } };
  return schema.clone(Object.defineProperties({}, descriptors) as S["def"], { parent: true });
};

/** The metadata that a schema itself carries; `undefined` for a schema that is not a setting of a kind. */
export const metadataOf = (schema: z.ZodType): Metadata | undefined => (schema.def as { [METADATA]?: Metadata })[METADATA];
