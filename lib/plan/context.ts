import type { Definition, NamedVariable } from "../definition";
import type { Environment, ProfileChanges } from "../environment";
import { codeOf } from "../errors";
import { absentInput, inputOf, parseSync, type Parsed } from "../values/parse";
import { requirementOf, type Requirement } from "../values/rules";
import type { Group } from "../settings";
import type { TargetFacts } from "./facts";

/** What a plan is asked for. */
export interface PlanRequest {
  /** Names everything that is made; part of store entries. */
  readonly project: string;
  /** What the environment's apps are declared to need. */
  readonly groups: readonly Group[];
  /** A stack's name, or a name and what it is for. */
  readonly environment: string | Environment;
  /**
   * What the project's environments have otherwise than the profile of their type.
   * @default - each has the profile of its type
   */
  readonly environments?: ProfileChanges;
  /**
   * What is known of the target that resources run on: `local().facts`.
   * @default - a target that is not decided yet: it offers every kind, and the deploy makes every credential
   */
  readonly target?: TargetFacts;
  /**
   * Groups that each workload reads.
   * @default - one consumer, `app`, that reads every group
   */
  readonly consumers?: Readonly<Record<string, readonly Group[]>>;
  /**
   * By the id of a setting: that its resource is already there (`none` is made), or that it is made on a server that is `given`.
   * @default - on a server of the environment's own
   */
  readonly hosting?: Readonly<Record<string, "none" | "given">>;
  /**
   * Whether there is a base stack whose servers a preview uses instead of its own.
   * @default false
   */
  readonly base?: boolean;
  /** Variables that a person has supplied: the text of a plain one, `true` for a secret one, whose value a plan has no need of. */
  readonly supplied?: Readonly<Record<string, string | true>>;
  /**
   * Of those, the ones whose value the deploy has, as from encrypted stack configuration: it writes them itself.
   * @default - those whose text is given
   */
  readonly configured?: readonly string[];
}

/** A setting, once: as the first group that holds it has it, which owns its variables and resources, and as every group has it. */
export interface Owned {
  readonly definition: Definition;
  readonly everywhere: readonly Definition[];
}

/** What the parts of a plan are worked out from. */
export interface PlanContext {
  readonly request: PlanRequest;
  readonly environment: Environment;
  readonly target: TargetFacts;
  readonly settings: readonly Owned[];
  readonly neighbours: Neighbours;
  readonly supplied: ReadonlyMap<string, string | true>;
  readonly configured: ReadonlySet<string>;
}

/** Settings are the same when they are one schema object under one variable: written once and used in two groups, or extended. */
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

/** A setting, as each group has it, to the one that owns its variables and resources. */
export const ownersOf = (settings: readonly Owned[]): ReadonlyMap<Definition, Definition> =>
  new Map(settings.flatMap(({ definition, everywhere }) => everywhere.map((setting) => [setting, definition])));

/** The settings that a setting's fallback and conditions can name. */
export type Neighbours = (definition: Definition) => ReadonlyMap<string, Definition>;

export const neighbours = (groups: PlanRequest["groups"]): Neighbours => {
  const maps = new Map<Definition, ReadonlyMap<string, Definition>>();
  for (const { definitions } of groups) {
    const byName = new Map(definitions.map((definition) => [definition.name, definition]));
    for (const definition of definitions) if (!maps.has(definition)) maps.set(definition, byName);
  }
  return (definition) => maps.get(definition) ?? new Map();
};

/** Whether a setting must have a value in this environment, and why: when any group that holds it says so. */
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

/** A plain setting's value as far as a plan can know it: supplied, or the default. */
const plainValue = (definition: Definition, byName: ReadonlyMap<string, Definition>, supplied: PlanContext["supplied"]): unknown => {
  const text = firstText(definition, byName, supplied);
  if (text === true) return undefined;
  const given = text === undefined ? absentInput(definition, byName) : inputOf(definition, { "": text }, definition.variables);
  const parsed = given && "input" in given ? parseNow(definition, given.input) : undefined;
  return parsed && "value" in parsed ? parsed.value : undefined;
};

/** An asynchronous check cannot be waited for here: then the value counts as unknown, which is `undefined`. */
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

/** What was supplied for a setting's variables, under its own name or the first alias that has any; `undefined` when nothing was. */
export const suppliedTexts = (
  definition: Definition,
  supplied: PlanContext["supplied"],
): ReadonlyArray<string | true | undefined> | undefined => suppliedNames(definition, supplied)?.map(({ name }) => supplied.get(name));

/** The variables, own or of the first alias, that anything was supplied for. */
export const suppliedNames = (definition: Definition, supplied: PlanContext["supplied"]): readonly NamedVariable[] | undefined =>
  [definition.variables, ...definition.aliases].find((variables) => variables.some(({ name }) => supplied.has(name)));
