import type { z } from "zod";
import type { CheckedShape, CheckedWhen, ConfigOf, Shape, Simplify } from "./config";
import { entryProblems, groupProblems, headProblems } from "./declaration";
import { define, type Definition } from "./definition";
import { SettingsError } from "./errors";
import { isSchema } from "./schema";

declare const phantom: unique symbol;

const GROUP = "endow.group";

/** A named set of settings: one secret container per environment, one grant. Made by `settings()`. */
export interface Group<Config extends object = object, S extends Shape = Shape> {
  readonly name: string;
  /** Every setting, those of extended groups first. */
  readonly definitions: readonly Definition[];
  /** Conditions that the settings must meet together; a sentence says why one does not. */
  readonly checks: ReadonlyArray<(config: never) => Verdict | Promise<Verdict>>;
  /** Marks a group, also one made by another copy of this package. */
  readonly type: typeof GROUP;
  readonly [phantom]?: { readonly config: Config; readonly shape: S };
}

/** `true`, or why not. */
export type Verdict = true | string;

/** What `load()` gives for a group: `Config<typeof shared>`. */
export type Config<G extends Group> = G extends Group<infer C> ? C : never;

export interface GroupOptions<S extends Shape, When, All extends Shape = S> {
  /**
   * Settings that must have a value when plain settings have certain ones: `{ llmApiKey: { llmProvider: "openai" } }`; several
   * values as an array, several settings all at once. Data, so that a plan can answer it before anything runs.
   */
  readonly requiredWhen?: When & CheckedWhen<S, NoInfer<When>, All>;
  /** Any other condition, looked at once every setting is valid by itself: `true`, or a sentence saying why not. Name no secret's value in it. */
  readonly check?: (config: Checked) => Verdict | Promise<Verdict>;
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
  /** A group with all the settings of another one, which keep their variables and resources, and more. */
  readonly extend: <Base extends object, BaseShape extends Shape, const S extends Shape, const When extends object = {}>(
    base: Group<Base, BaseShape>,
    name: string,
    shape: S & CheckedShape<S, BaseShape & S>,
    options?: GroupOptions<BaseShape & S, When>,
  ) => Group<Simplify<Omit<Base, keyof S> & Pick<ConfigOf<BaseShape & S, When>, keyof S>>, BaseShape & S>;
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
  const entries = Object.entries(shape);
  const problems = [
    ...headProblems(name, shape, requiredWhen, base),
    ...entries.flatMap(([key, schema]) => entryProblems(name, key, schema)),
  ];
  const own = problems.length > 0 ? definable(entries) : entries;
  const definitions = [
    ...conditioned(base?.definitions ?? [], requiredWhen),
    ...own.map(([key, schema]) => define(name, key, schema, conditions(requiredWhen[key]))),
  ];
  const all = [...problems, ...groupProblems(definitions)];
  if (all.length > 0) throw new SettingsError("DECLARATION_INVALID", `Settings group ${JSON.stringify(name)} is not valid:`, all);
  return Object.freeze({ name, definitions, checks: [...(base?.checks ?? []), ...(check ? [check] : [])], type: GROUP });
};

/** The entries that are sound by themselves, so that what is wrong between them is told in the same error. */
const definable = (entries: ReadonlyArray<readonly [string, z.ZodType]>) => entries.filter(([, schema]) => isSchema(schema));

const headProblems = (name: string, shape: Shape, requiredWhen: object, base?: Group): readonly Problem[] => {
  const problem = (message: string, fix: string): Problem => ({ code: "GROUP_DECLARATION", path: name, message, fix });
  const inherited = base?.definitions.map((definition) => definition.name) ?? [];
  const known = [...inherited, ...Object.keys(shape)];
  return [
    ...(groupName.test(name)
      ? []
      : [
          problem(
            `the group name ${JSON.stringify(name)} is not made of letters, digits, - and _`,
            'choose a name such as "shared" or "web-api"',
          ),
        ]),
    ...(known.length === 0 ? [problem("the group has no settings", "declare at least one")] : []),
    ...inherited
      .filter((key) => key in shape)
      .map((key) =>
        problem(
          `${name}.${key} is already a setting of "${base?.name}"`,
          "choose another name: an extended group keeps all settings of its base",
        ),
      ),
    ...Object.keys(requiredWhen)
      .filter((key) => !known.includes(key))
      .map((key) => problem(`requiredWhen names "${key}", which is not a setting of this group`, `name one of ${known.join(", ")}`)),
  ];
};

const conditions = (given?: Readonly<Record<string, unknown>>): Definition["requiredWhen"] =>
  given &&
  Object.fromEntries(Object.entries(given).map(([name, value]) => [name, Array.isArray(value) ? (value as readonly unknown[]) : [value]]));

const conditioned = (inherited: readonly Definition[], requiredWhen: NonNullable<LooseOptions["requiredWhen"]>): readonly Definition[] =>
  inherited.map((definition) => {
    const added = conditions(requiredWhen[definition.name]);
    return added ? { ...definition, requiredWhen: added } : definition;
  });
