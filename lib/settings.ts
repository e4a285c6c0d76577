import type { CheckedShape, CheckedWhen, ConfigOf, Shape } from "./config";
import { groupProblems } from "./declaration/between";
import { entryProblems } from "./declaration/entry";
import { headProblems, isPrefix } from "./declaration/group";
import { define, type Definition } from "./definition";
import { SettingsError } from "./errors";
import { ownValue, writtenEntries } from "./internal/own-value";
import { isSchema, usesZod3 } from "./schema";

const GROUP = "endow.group";

/** A named set of settings, with one secret container per environment and one grant. Created by `settings()`. */
export interface Group<Config extends object = object, S extends Shape = Shape> {
  /** Names the group's secret container and its store, `ENDOW_<NAME>`. */
  readonly name: string;
  /** All settings, those of extended groups first. */
  readonly definitions: readonly Definition[];
  /** Conditions across several settings; each returns true or an error message. */
  readonly checks: ReadonlyArray<(config: object) => CheckResult | Promise<CheckResult>>;
  /** Identifies a group, including one created by another copy of this package. */
  readonly type: typeof GROUP;
  /** Exists only at compile time. A name, not a unique symbol, which would differ between copies of this package. */
  readonly "~group"?: { readonly config: Config; readonly shape: S };
}

/** `true`, or an error message. */
export type CheckResult = true | string;

/** The type that `load()` returns for a group: `Config<typeof shared>`. */
export type Config<G extends Group> = G extends Group<infer C> ? C : never;

/** Options of a group with the shape `S`, among `All` settings; `Loaded` is the type that `load()` returns for it. */
export interface GroupOptions<S extends Shape, When, All extends Shape = S, Loaded = ConfigOf<S, NoInfer<When>>> {
  /**
   * Settings that must have a value when plain settings have certain values: `{ llmApiKey: { llmProvider: "openai" } }`. An array lists
   * alternative values; several plain settings must all match. Plain data, so that a plan can evaluate it before anything runs.
   */
  readonly requiredWhen?: When extends CheckedWhen<S, When, All> ? When : CheckedWhen<S, NoInfer<When>, All>;
  /**
   * Prefix of variable names: `APP_` for `APP_DATABASE_URL`. Names in `env`, `variables`, `derive` and `alias` are used unchanged.
   * @default ""
   */
  readonly prefix?: string;
  /** Any other condition, checked once every setting is valid on its own: returns `true` or an error message, which must not contain a secret. */
  readonly check?: (config: Loaded) => CheckResult | Promise<CheckResult>;
}

/**
 * Declares a group of settings, for both the app (`load(group)`) and the infrastructure (`plan`, `endow dev`, Pulumi).
 *
 * @throws SettingsError `DECLARATION_INVALID` listing every problem in the declaration.
 */
export const settings: {
  <const S extends Shape, const When extends object = {}>(
    name: string,
    shape: S & CheckedShape<S>,
    options?: GroupOptions<S, When>,
  ): Group<ConfigOf<S, When>, S>;
  /** Declares a group that extends another one, whose settings keep their variables, resources and conditions. */
  readonly extend: <Base extends object, BaseShape extends Shape, const S extends Shape, const When extends object = {}>(
    base: Group<Base, BaseShape>,
    name: string,
    shape: S & CheckedShape<S, BaseShape>,
    options?: GroupOptions<S, When, BaseShape & S, ConfigOf<S, NoInfer<When>, Base>>,
  ) => Group<ConfigOf<S, When, Base>, BaseShape & S>;
} = Object.assign((name: string, shape: Shape, options: LooseOptions = {}) => declare(name, shape, options), {
  extend: (base: Group, name: string, shape: Shape, options: LooseOptions = {}) => declare(name, shape, options, base),
}) as never;

/** Whether a value is a group, from any copy of this package. */
export const isGroup = (value: unknown): value is Group =>
  typeof value === "object" && value !== null && "type" in value && value.type === GROUP;

interface LooseOptions {
  readonly prefix?: string;
  readonly requiredWhen?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly check?: Group["checks"][number];
}

const declare = (name: string, shape: Shape, { requiredWhen = {}, prefix, check }: LooseOptions, base?: Group): Group => {
  const entries = writtenEntries(shape);
  const inherited = base?.definitions ?? [];
  const known = new Set(inherited.map((definition) => definition.name));
  const own = entries
    .filter(([key]) => !known.has(key))
    .flatMap(([key, schema]) =>
      isSchema(schema) && !usesZod3(schema)
        ? [define(name, key, schema, { ...(isPrefix(prefix) && { prefix }), requiredWhen: conditions(ownValue(requiredWhen, key)) })]
        : [],
    );
  const definitions = [...inherited, ...own];
  const problems = [
    ...headProblems({ name, prefix, own: entries.map(nameOf), conditional: writtenEntries(requiredWhen).map(nameOf), base }),
    ...entries.flatMap(([key, schema]) => entryProblems(name, key, schema)),
    ...groupProblems(definitions),
  ];
  if (problems.length > 0) throw new SettingsError("DECLARATION_INVALID", `Settings group ${JSON.stringify(name)} is not valid:`, problems);
  return Object.freeze({ name, definitions, checks: [...(base?.checks ?? []), ...(check ? [check] : [])], type: GROUP });
};

const conditions = (given?: Readonly<Record<string, unknown>>): Definition["requiredWhen"] =>
  given &&
  Object.fromEntries(writtenEntries(given).map(([name, value]) => [name, Array.isArray(value) ? (value as readonly unknown[]) : [value]]));

const nameOf = ([name]: readonly [string, unknown]): string => name;
