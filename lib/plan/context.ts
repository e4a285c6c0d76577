import type { Definition, NamedVariable } from "../definition";
import type { Environment, ProfileChanges } from "../environment";
import { codeOf } from "../errors";
import { absentInput, inputOf, parseSync, type Parsed } from "../values/parse";
import { requirementOf, type Requirement } from "../values/rules";
import type { Group } from "../settings";
import type { TargetFacts } from "./facts";

/** The input of a plan. */
export interface PlanRequest {
  /** Prefix of all resource names; part of store entries. */
  readonly project: string;
  /** Groups declared by the environment's apps. */
  readonly groups: readonly Group[];
  /** A stack's name, or a name and a type. */
  readonly environment: string | Environment;
  /**
   * Overrides of the profiles of the project's environments.
   * @default - each environment has the profile of its type
   */
  readonly environments?: ProfileChanges;
  /**
   * Facts about the target: `local().facts`.
   * @default - an undecided target: it offers every kind, and the deploy creates every credential
   */
  readonly target?: TargetFacts;
  /**
   * Groups that each workload reads.
   * @default - one consumer, `app`, that reads every group
   */
  readonly consumers?: Readonly<Record<string, readonly Group[]>>;
  /**
   * By setting id: `none` if its resource already exists, `given` if it is made on an existing server.
   * @default - made on the environment's own server
   */
  readonly hosting?: Readonly<Record<string, "none" | "given">>;
  /**
   * Whether a preview uses the servers of a base stack instead of its own.
   * @default false
   */
  readonly base?: boolean;
  /** Variables that a user has supplied: the text of a plain one, `true` for a secret one, whose value the plan does not need. */
  readonly supplied?: Readonly<Record<string, string | true>>;
  /**
   * Supplied variables whose value the deploy has, for example from encrypted stack configuration, and therefore writes itself.
   * @default - those supplied as text
   */
  readonly configured?: readonly string[];
}

/** A distinct setting: its definition in the first group, which owns its variables and resources, and its definitions in all groups. */
export interface Owned {
  readonly definition: Definition;
  readonly everywhere: readonly Definition[];
}

/** Input of the steps that compute a plan. */
export interface PlanContext {
  readonly request: PlanRequest;
  readonly environment: Environment;
  readonly target: TargetFacts;
  readonly settings: readonly Owned[];
  readonly neighbours: Neighbours;
  readonly supplied: ReadonlyMap<string, string | true>;
  readonly configured: ReadonlySet<string>;
}

/** Two settings are the same if they have the same schema object and variable: used in two groups, or inherited. */
export const ownedSettings = (groups: PlanRequest["groups"]): readonly Owned[] => {
  const bySchema = new Map<Definition["schema"], Map<string | undefined, Definition[]>>();
  const all: Definition[][] = [];
  for (const definition of groups.flatMap(({ definitions }) => definitions)) {
    const name = definition.variables[0]?.name;
    const byName = bySchema.get(definition.schema) ?? new Map<string | undefined, Definition[]>();
    bySchema.set(definition.schema, byName);
    const known = byName.get(name);
    if (known) known.push(definition);
    else {
      const everywhere = [definition];
      byName.set(name, everywhere);
      all.push(everywhere);
    }
  }
  return all.flatMap((everywhere) => everywhere.slice(0, 1).map((definition) => ({ definition, everywhere })));
};

/** Maps each group's definition of a setting to the one that owns its variables and resources. */
export const ownersOf = (settings: readonly Owned[]): ReadonlyMap<Definition, Definition> =>
  new Map(settings.flatMap(({ definition, everywhere }) => everywhere.map((setting) => [setting, definition])));

/** The settings that a setting's fallback and conditions can refer to. */
export type Neighbours = (definition: Definition) => ReadonlyMap<string, Definition>;

export const neighbours = (groups: PlanRequest["groups"]): Neighbours => {
  const maps = new Map<Definition, ReadonlyMap<string, Definition>>();
  for (const { definitions } of groups) {
    const byName = new Map(definitions.map((definition) => [definition.name, definition]));
    for (const definition of definitions) if (!maps.has(definition)) maps.set(definition, byName);
  }
  return (definition) => maps.get(definition) ?? new Map();
};

/** Whether a setting must have a value in this environment, and why: if any group that contains it requires one. */
export const requirementIn = (context: PlanContext, { everywhere }: Owned): Requirement => {
  const requirements = everywhere.map((definition) => {
    const byName = context.neighbours(definition);
    return requirementOf(definition, context.environment.type, byName, (name) => {
      const condition = byName.get(name);
      return condition && plainValue(condition, byName, context.supplied);
    });
  });
  return requirements.find(({ required }) => required) ?? { required: false };
};

/** A plain setting's value, if the plan can know it: supplied, or the default. */
const plainValue = (definition: Definition, byName: ReadonlyMap<string, Definition>, supplied: PlanContext["supplied"]): unknown => {
  const text = firstText(definition, byName, supplied);
  if (text === true) return undefined;
  const given = text === undefined ? absentInput(definition, byName) : inputOf(definition, { value: text }, definition.variables);
  const parsed = given && "input" in given ? parseNow(definition, given.input) : undefined;
  return parsed && "value" in parsed ? parsed.value : undefined;
};

/** Parses synchronously. With an asynchronous check, the value counts as unknown: `undefined`. */
export const parseNow = (definition: Definition, input: unknown): Parsed | undefined => {
  try {
    return parseSync(definition, input, definition.variables);
  } catch (error) {
    if (codeOf(error) === "ASYNC_CHECK") return undefined;
    throw error;
  }
};

const firstText = (
  definition: Definition,
  byName: ReadonlyMap<string, Definition>,
  supplied: PlanContext["supplied"],
): string | true | undefined => {
  const given = suppliedTexts(definition, supplied)?.[0];
  const next = definition.fallback === undefined ? undefined : byName.get(definition.fallback);
  return given === undefined && next ? firstText(next, byName, supplied) : given;
};

/** The values supplied for a setting's variables, under its own name or the first supplied alias; `undefined` if there are none. */
export const suppliedTexts = (
  definition: Definition,
  supplied: PlanContext["supplied"],
): ReadonlyArray<string | true | undefined> | undefined => suppliedNames(definition, supplied)?.map(({ name }) => supplied.get(name));

/** The supplied variables: the setting's own, or those of the first supplied alias. */
export const suppliedNames = (definition: Definition, supplied: PlanContext["supplied"]): readonly NamedVariable[] | undefined =>
  [definition.variables, ...definition.aliases].find((variables) => variables.some(({ name }) => supplied.has(name)));

/** The secret container of a group in an environment. */
export const containerOf = ({ request, environment }: PlanContext, group: string): string =>
  `${request.project}/${environment.name}/${group}`;
