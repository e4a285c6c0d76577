import type { CheckedShape, CheckedWhen, ConfigOf, Shape } from "./config";
import { groupProblems } from "./declaration/between";
import { entryProblems } from "./declaration/entry";
import { headProblems } from "./declaration/group";
import { define, type Definition } from "./definition";
import { SettingsError } from "./errors";
import { ownValue, writtenEntries } from "./own-value";
import { isSchema } from "./schema";

declare const phantom: unique symbol;

const GROUP = "endow.group";

/** A named set of settings: one secret container per environment, one grant. Made by `settings()`. */
export interface Group<Config extends object = object, S extends Shape = Shape> {
  /** Names the group's secret container and its store, `ENDOW_<NAME>`. */
  readonly name: string;
  /** Every setting, those of extended groups first. */
  readonly definitions: readonly Definition[];
  /** Conditions that the settings must meet together; a sentence says why one does not. */
  readonly checks: ReadonlyArray<(config: object) => CheckResult | Promise<CheckResult>>;
  /** Marks a group, also one made by another copy of this package. */
  readonly type: typeof GROUP;
  readonly [phantom]?: { readonly config: Config; readonly shape: S };
}

/** `true`, or why not. */
export type CheckResult = true | string;

/** What `load()` gives for a group: `Config<typeof shared>`. */
export type Config<G extends Group> = G extends Group<infer C> ? C : never;

/** Options of a group with the shape `S`, among `All` settings; `Loaded` is what `load()` gives for it. */
export interface GroupOptions<S extends Shape, When, All extends Shape = S, Loaded = ConfigOf<S, NoInfer<When>>> {
  /**
   * Settings that must have a value when plain settings have certain ones: `{ llmApiKey: { llmProvider: "openai" } }`; several
   * values as an array, several settings all at once. Data, so that a plan can answer it before anything runs.
   */
  readonly requiredWhen?: When extends CheckedWhen<S, When, All> ? When : CheckedWhen<S, NoInfer<When>, All>;
  /** Any other condition, looked at once every setting is valid by itself: `true`, or a sentence saying why not. Name no secret's value in it. */
  readonly check?: (config: Loaded) => CheckResult | Promise<CheckResult>;
}

/**
 * Declares a group of settings, for the app (`load(group)`) and for the infrastructure (`plan`, `endow dev`, Pulumi) alike.
 *
 * @throws SettingsError `DECLARATION_INVALID` naming everything that is wrong with the declaration.
 */
export const settings: {
  <const S extends Shape, const When extends object = {}>(
    name: string,
    shape: S & CheckedShape<S>,
    options?: GroupOptions<S, When>,
  ): Group<ConfigOf<S, When>, S>;
  /** A group with all the settings of another one, which keep their variables, resources and conditions, and more. */
  readonly extend: <Base extends object, BaseShape extends Shape, const S extends Shape, const When extends object = {}>(
    base: Group<Base, BaseShape>,
    name: string,
    shape: S & CheckedShape<S, BaseShape>,
    options?: GroupOptions<S, When, BaseShape & S, ConfigOf<S, NoInfer<When>, Base>>,
  ) => Group<ConfigOf<S, When, Base>, BaseShape & S>;
} = Object.assign((name: string, shape: Shape, options: LooseOptions = {}) => declare(name, shape, options), {
  extend: (base: Group, name: string, shape: Shape, options: LooseOptions = {}) => declare(name, shape, options, base),
}) as never;

/** Whether a value is a group, from this copy of the package or from another. */
export const isGroup = (value: unknown): value is Group =>
  typeof value === "object" && value !== null && "type" in value && value.type === GROUP;

interface LooseOptions {
  readonly requiredWhen?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly check?: Group["checks"][number];
}

const declare = (name: string, shape: Shape, { requiredWhen = {}, check }: LooseOptions, base?: Group): Group => {
  const entries = writtenEntries(shape);
  const inherited = base?.definitions ?? [];
  const known = new Set(inherited.map((definition) => definition.name));
  const own = entries
    .filter(([key]) => !known.has(key))
    .flatMap(([key, schema]) => (isSchema(schema) ? [define(name, key, schema, conditions(ownValue(requiredWhen, key)))] : []));
  const definitions = [...inherited, ...own];
  const problems = [
    ...headProblems(name, entries.map(nameOf), writtenEntries(requiredWhen).map(nameOf), base),
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
