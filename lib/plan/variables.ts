import type { Definition } from "../definition";
import { neighbours, requirementIn, suppliedTexts, type PlanContext } from "./context";
import type { PlannedResource } from "./resources";

/** Where a value comes from. */
export type Source = "provisioned" | "generated" | "supplied" | "issued" | "default";

/** Who writes a variable's store entry: the deploy, whoever makes the credential where it runs, or people. */
export type Writer = "deploy" | "runner" | "people";

export interface PlannedVariable {
  readonly name: string;
  /** `<group>.<name>` in the code. */
  readonly setting: string;
  readonly group: string;
  readonly kind: string;
  readonly secret: boolean;
  /** Whether this environment's app cannot start without it. */
  readonly required: boolean;
  readonly source: Source;
  /** `ready`: it has a value, or will have by the end of the deploy; `missing`: somebody must supply it; `unset`: it may stay without. */
  readonly state: "ready" | "missing" | "unset";
  /** The variable whose value it takes: an alias that was supplied, or the setting it falls back to. */
  readonly from?: string;
  /** Where the value is kept, and who writes it; absent for a default or a value taken from elsewhere. */
  readonly entry?: string;
  readonly writer?: Writer;
  readonly description?: string;
}

/** A value that only a person has. */
export interface Missing {
  readonly setting: string;
  /** All of them are needed. */
  readonly variables: readonly string[];
  readonly secret: boolean;
  /** `OPENAI_API_KEY must be configured in production` */
  readonly message: string;
  readonly entry: string;
}

interface Answer {
  readonly source: Source;
  readonly state: PlannedVariable["state"];
  readonly from?: readonly string[];
}

/** Every variable of every setting, in the order of the declaration. */
export const planVariables = (
  context: PlanContext,
  resources: readonly PlannedResource[],
): { readonly variables: readonly PlannedVariable[]; readonly missing: readonly Missing[] } => {
  const groupOf = neighbours(context);
  const provisioned = new Set(resources.map(({ setting }) => setting));
  const answerOf = (definition: Definition, required: boolean): Answer => {
    if (provisioned.has(pathOf(definition))) return { source: "provisioned", state: "ready" };
    if (suppliedTexts(definition, context.supplied)) return { source: "supplied", state: "ready", from: aliasOf(definition, context) };
    const next = definition.fallback === undefined ? undefined : groupOf(definition).get(definition.fallback);
    const inherited = next && answerOf(next, false);
    if (next && inherited && inherited.state === "ready")
      return { ...inherited, from: inherited.from ?? next.variables.map(({ name }) => name) };
    if (definition.hasDefault && !required) return { source: "default", state: "ready" };
    return { source: "supplied", state: required ? "missing" : "unset" };
  };
  const planned = context.settings.map(({ definition }) => {
    const requirement = requirementIn(context, definition, groupOf(definition));
    const answer = answerOf(definition, requirement.required);
    return { definition, requirement, answer };
  });
  return {
    variables: planned.flatMap(({ definition, requirement, answer }) => rows(context, definition, requirement.required, answer)),
    missing: planned.flatMap(({ definition, requirement, answer }) =>
      answer.state === "missing" && requirement.required && !requirement.inherited
        ? [missingOf(context, definition, requirement.because)]
        : [],
    ),
  };
};

const rows = (
  context: PlanContext,
  definition: Definition,
  required: boolean,
  { source, state, from }: Answer,
): readonly PlannedVariable[] =>
  definition.variables.map(({ name, secret, required: needed }, index) => ({
    name,
    setting: pathOf(definition),
    group: definition.group,
    kind: definition.kind.name,
    secret,
    required: required && needed,
    source,
    state,
    ...(from?.[index] !== undefined && { from: from[index] }),
    ...(source !== "default" && !from && state === "ready" && keptAt(context, definition, name, source, secret)),
    ...(definition.description !== undefined && { description: definition.description }),
  }));

const keptAt = (
  context: PlanContext,
  { group }: Definition,
  name: string,
  source: Source,
  secret: boolean,
): { readonly entry: string; readonly writer: Writer } => {
  const container = containerOf(context, group);
  if (source === "supplied") return { entry: `${container}/supplied`, writer: "people" };
  return secret ? { entry: `${container}/${name}`, writer: "runner" } : { entry: container, writer: "deploy" };
};

const missingOf = (context: PlanContext, definition: Definition, because: string): Missing => {
  const needed = definition.variables.filter(({ required }) => required);
  return {
    setting: pathOf(definition),
    variables: needed.map(({ name }) => name),
    secret: needed.some(({ secret }) => secret),
    message: `${needed.map(({ name }) => name).join(", ")} ${because}`,
    entry: `${containerOf(context, definition.group)}/supplied`,
  };
};

/** The one secret container of a group in an environment. */
export const containerOf = ({ request, environment }: PlanContext, group: string): string =>
  `${request.project}/${environment.name}/${group}`;

const aliasOf = (definition: Definition, { supplied }: PlanContext): readonly string[] | undefined =>
  definition.variables.some(({ name }) => supplied.has(name))
    ? undefined
    : definition.aliases.find((alias) => alias.some(({ name }) => supplied.has(name)))?.map(({ name }) => name);

const pathOf = ({ group, name }: Definition): string => `${group}.${name}`;
