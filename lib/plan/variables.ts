import type { Definition, NamedVariable } from "../definition";
import { ownValue } from "../internal/own-value";
import { requirementIn, suppliedNames, type PlanContext } from "./context";
import type { PlannedResource } from "./resources";

/** The origin of a value. */
export type ValueSource = "provisioned" | "generated" | "supplied" | "issued" | "default";

/** Who writes a variable's store entry: the deploy, the broker that creates the credential next to the server, or people. */
export type EntryWriter = "deploy" | "broker" | "people";

/** One variable of a setting in an environment. */
export interface PlannedVariable {
  /** The environment variable that the app reads: `UPLOADS_BUCKET`. */
  readonly name: string;
  /** `<group>.<name>` in the code. */
  readonly setting: string;
  /** The group that declared the setting and whose store has the value. */
  readonly group: string;
  /** Name of the setting's kind: `postgres`, `plain`. */
  readonly kind: string;
  /** Whether the value is stored as a secret and must not be shown. */
  readonly secret: boolean;
  /** Whether apps in this environment need it to start. */
  readonly required: boolean;
  /** Where the value comes from, or must come from. */
  readonly source: ValueSource;
  /** `ready`: it has a value, or will have one after the deploy; `missing`: a user must supply it; `unset`: it needs no value. */
  readonly state: "ready" | "missing" | "unset";
  /** The variable that provides its value: a supplied alias, or the setting it falls back to. */
  readonly from?: string;
  /** The store entry of the value; absent for a default and for the value of another setting. */
  readonly entry?: string;
  /** Who writes the entry; absent without `entry`. */
  readonly writer?: EntryWriter;
  /** The setting's description. */
  readonly description?: string;
}

/** A value that a user must supply. */
export interface MissingValue {
  /** `<group>.<name>` in the code. */
  readonly setting: string;
  /** All of them are needed. */
  readonly variables: readonly string[];
  /** Whether any of them is secret. */
  readonly secret: boolean;
  /** `OPENAI_API_KEY must be configured in production` */
  readonly message: string;
  /** The store entry to write it to. */
  readonly entry: string;
}

/** The origin of a setting's value. `from` lists the variables that hold it, if they are not the setting's own. */
interface Provision {
  readonly source: ValueSource;
  readonly state: PlannedVariable["state"];
  readonly from?: readonly NamedVariable[];
  /** The resource that provides it. */
  readonly resource?: PlannedResource;
}

/** Plans every variable of every setting, in declaration order. */
export const planVariables = (
  context: PlanContext,
  resources: readonly PlannedResource[],
): { readonly variables: readonly PlannedVariable[]; readonly missing: readonly MissingValue[] } => {
  const provisioned = new Map(resources.map((resource) => [resource.setting, resource]));
  const answerOf = (definition: Definition, required: boolean): Provision => {
    const resource = provisioned.get(pathOf(definition));
    if (resource) return { source: "provisioned", state: "ready", resource };
    const names = suppliedNames(definition, context.supplied);
    if (names) return { source: "supplied", state: "ready", ...(names !== definition.variables && { from: names }) };
    if (isGenerated(context, definition)) return { source: "generated", state: "ready" };
    const next = definition.fallback === undefined ? undefined : context.neighbours(definition).get(definition.fallback);
    const inherited = next && answerOf(next, false);
    const isOwnDefault = inherited?.source === "default" && definition.hasDefault;
    if (inherited?.state === "ready" && !isOwnDefault && !(required && inherited.source === "default"))
      return { ...inherited, from: inherited.from ?? next?.variables };
    if (definition.hasDefault && !required) return { source: "default", state: "ready" };
    return { source: "supplied", state: required ? "missing" : "unset" };
  };
  const planned = context.settings.map((owned) => {
    const requirement = requirementIn(context, owned);
    const { definition } = owned;
    return { definition, requirement, answer: answerOf(definition, requirement.required) };
  });
  return {
    variables: planned.flatMap(({ definition, requirement, answer }) => rows(context, definition, requirement.required, answer)),
    missing: planned.flatMap(({ definition, requirement, answer }) =>
      answer.state === "missing" && requirement.required && !requirement.inherited
        ? [missingOf(context, definition, definition.kind.generation ? notGenerated(context) : requirement.because)]
        : [],
    ),
  };
};

const isGenerated = ({ target }: PlanContext, { kind }: Definition): boolean =>
  kind.generation !== undefined && target.generated !== undefined;

const notGenerated = ({ target }: PlanContext): string => `must be supplied, because the target ${target.name} cannot generate it`;

const rows = (context: PlanContext, definition: Definition, required: boolean, answer: Provision): readonly PlannedVariable[] =>
  definition.variables.flatMap(({ name, secret, required: needed, field }, index): readonly PlannedVariable[] => {
    const { source, from } = answer;
    const holder = (from ?? definition.variables)[index]?.name ?? name;
    const isLeftOut = source === "supplied" ? !context.supplied.has(holder) : isNotProvided(context, definition, index, answer);
    // Fields of shared resources are omitted if the resource is not shared.
    if (isLeftOut && field !== undefined && ownValue(definition.kind.optionalFields, field) === "shared") return [];
    const state = answer.state === "ready" && isLeftOut ? "unset" : answer.state;
    const isElsewhere = from !== undefined && !definition.aliases.includes(from);
    const row: PlannedVariable = {
      name,
      setting: pathOf(definition),
      group: definition.group,
      kind: definition.kind.name,
      secret,
      required: required && needed,
      source,
      state,
      ...(from && state === "ready" && { from: holder }),
      ...(source !== "default" && state === "ready" && !isElsewhere && keptAt(context, definition, holder, answer, secret)),
      ...(definition.description !== undefined && { description: definition.description }),
    };
    return [row];
  });

/** Whether a variable is not provided: a secret that the consumer's identity replaces, or an optional field that the target does not have. */
const isNotProvided = ({ target }: PlanContext, { kind, variables }: Definition, index: number, { resource }: Provision): boolean => {
  const { field, secret = false } = variables[index] ?? {};
  if (secret && resource?.credential === "identity") return true;
  if (resource === undefined || resource.hosting === "none" || field === undefined) return false;
  const there = ownValue(target.kinds, kind.name)?.optionalFields ?? [];
  return ownValue(kind.optionalFields, field) !== undefined && !there.includes(field);
};

/** The deploy writes values that it knows from the request or the stack's configuration; people or a broker write the others. */
const keptAt = (
  context: PlanContext,
  { group, name: setting }: Definition,
  variable: string,
  { source, resource }: Provision,
  secret: boolean,
): { readonly entry: string; readonly writer: EntryWriter } => {
  const container = containerOf(context, group);
  const isKnown = context.supplied.get(variable) !== true || context.configured.has(variable);
  if (source === "supplied" && !isKnown) return { entry: `${container}/supplied`, writer: "people" };
  const isBrokered = source === "generated" ? context.target.generated === "broker" : resource?.credential === "broker" && secret;
  // Of a generated key pair, the broker writes both halves: as one entry they always belong together.
  if (isBrokered) return { entry: `${container}/${setting}`, writer: "broker" };
  return { entry: container, writer: "deploy" };
};

const missingOf = (context: PlanContext, definition: Definition, because: string): MissingValue => {
  const needed = definition.variables.filter(({ required }) => required);
  return {
    setting: pathOf(definition),
    variables: needed.map(({ name }) => name),
    secret: needed.some(({ secret }) => secret),
    message: `${needed.map(({ name }) => name).join(", ")} ${because}`,
    entry: `${containerOf(context, definition.group)}/supplied`,
  };
};

/** The secret container of a group in an environment. */
const containerOf = ({ request, environment }: PlanContext, group: string): string => `${request.project}/${environment.name}/${group}`;

const pathOf = ({ group, name }: Definition): string => `${group}.${name}`;
