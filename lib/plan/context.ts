import type { Definition } from "../definition";
import type { Environment } from "../environment";
import { requirementOf, type Requirement } from "../runtime/rules";
import type { Group } from "../settings";
import { readingOf } from "../text";

/** What a plan is asked for. */
export interface PlanRequest {
  /** Names everything that is made; part of store entries. */
  readonly project: string;
  readonly groups: readonly Group[];
  /** A stack's name, or a name and what it is for. */
  readonly environment: string | Environment;
  /**
   * Where resources run: `local`, `aws`, `kubernetes`.
   * @default - `local` in development, `aws` elsewhere
   */
  readonly target?: string;
  /** Groups that each workload reads. @default - one consumer, `app`, that reads every group */
  readonly consumers?: Readonly<Record<string, readonly Group[]>>;
  /** Ids of settings whose resource is already there, made by somebody else. */
  readonly existing?: readonly string[];
  /** Variables that a person has supplied: the text of a plain one, `true` for a secret one, whose value a plan has no need of. */
  readonly supplied?: Readonly<Record<string, string | true>>;
}

/** A setting, once, and every group that holds it; the first one owns its variables and resources. */
export interface Owned {
  readonly definition: Definition;
  readonly groups: readonly string[];
}

/** What the parts of a plan are worked out from. */
export interface PlanContext {
  readonly request: PlanRequest;
  readonly environment: Environment;
  readonly target: string;
  readonly settings: readonly Owned[];
  readonly supplied: ReadonlyMap<string, string | true>;
  readonly existing: ReadonlySet<string>;
}

/** Settings are the same when they are one schema object under one name: written once and used in two groups, or extended. */
export const ownedSettings = (groups: PlanRequest["groups"]): readonly Owned[] => {
  const byIdentity = new Map<Definition["schema"], { definition: Definition; groups: string[] }[]>();
  const all: { definition: Definition; groups: string[] }[] = [];
  for (const group of groups) {
    for (const definition of group.definitions) {
      const same = byIdentity.get(definition.schema) ?? [];
      const known = same.find((other) => other.definition.variables[0]?.name === definition.variables[0]?.name);
      if (known) known.groups.push(group.name);
      else {
        const owned = { definition, groups: [group.name] };
        all.push(owned);
        byIdentity.set(definition.schema, [...same, owned]);
      }
    }
  }
  return all;
};

/** The group's settings by name, as fallbacks and conditions name them. */
export const neighbours = (context: PlanContext): ((definition: Definition) => ReadonlyMap<string, Definition>) => {
  const maps = new Map<Definition, ReadonlyMap<string, Definition>>();
  for (const { definitions } of context.request.groups) {
    const byName = new Map(definitions.map((definition) => [definition.name, definition]));
    for (const definition of definitions) if (!maps.has(definition)) maps.set(definition, byName);
  }
  return (definition) => maps.get(definition) ?? new Map();
};

/** Whether a setting must have a value in this environment, and why. */
export const requirementIn = (context: PlanContext, definition: Definition, byName: ReadonlyMap<string, Definition>): Requirement =>
  requirementOf(definition, context.environment.type, byName, (name) => {
    const condition = byName.get(name);
    return condition && plainValue(condition, context.supplied);
  });

/** A plain setting's value as far as a plan can know it: supplied, or the default. */
const plainValue = (definition: Definition, supplied: PlanContext["supplied"]): unknown => {
  const text = suppliedTexts(definition, supplied)?.[0];
  const reading = readingOf(definition.schema);
  if (typeof text === "string") return "decode" in reading ? reading.decode(text)?.value : undefined;
  return definition.hasDefault ? defaultOf(definition) : undefined;
};

/** An asynchronous check cannot be waited for here; then the value counts as unknown. */
const defaultOf = ({ schema }: Definition): unknown => {
  try {
    return schema.safeParse(undefined).data;
  } catch {
    return undefined;
  }
};

/** What was supplied for a setting's variables, under its own name or the first alias that has any; `undefined` when nothing was. */
export const suppliedTexts = (
  definition: Definition,
  supplied: PlanContext["supplied"],
): ReadonlyArray<string | true | undefined> | undefined => {
  const names = [definition.variables, ...definition.aliases].find((variables) => variables.some(({ name }) => supplied.has(name)));
  return names?.map(({ name }) => supplied.get(name));
};
