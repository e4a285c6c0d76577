import type { Definition, NamedVariable } from "../definition";
import type { Problem } from "../errors";
import { neededVariables } from "../values/forms";
import { containerOf, pathOf, requirementIn, suppliedNames, type PlanContext } from "./context";
import type { PlannedResource } from "./resources";
import { rowsOf } from "./rows";
import { sharedVariables } from "./shared";

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
  /** The variable that provides its value: a supplied alias, or one of the setting it falls back to. */
  readonly from?: string;
  /** The setting that provides its value, `<group>.<name>`: the setting itself, or the one it falls back to. */
  readonly provider: string;
  /** Whether it is composed of other fields of the setting, and only delivered. */
  readonly derived: boolean;
  /** The store entry of the value; absent for a default. */
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

/** The origin of a setting's value. */
export interface Provision {
  readonly source: ValueSource;
  readonly state: PlannedVariable["state"];
  /** The setting that has the value: the setting itself, or the one it falls back to. */
  readonly provider: Definition;
  /** The supplied variables: the provider's own, or those of an alias. */
  readonly names?: readonly NamedVariable[];
  /** The resource that provides it. */
  readonly resource?: PlannedResource;
}

/** Plans every variable of every setting, in declaration order. */
export const planVariables = (
  context: PlanContext,
  resources: readonly PlannedResource[],
): { readonly variables: readonly PlannedVariable[]; readonly missing: readonly MissingValue[]; readonly problems: readonly Problem[] } => {
  const provisioned = new Map(resources.map((resource) => [resource.setting, resource]));
  const provisionOf = (definition: Definition, required: boolean): Provision => {
    const resource = provisioned.get(pathOf(definition));
    if (resource) return { source: "provisioned", state: "ready", provider: definition, resource };
    const names = suppliedNames(definition, context.supplied);
    if (names) return { source: "supplied", state: "ready", provider: definition, names };
    const next = definition.fallback === undefined ? undefined : context.neighbours(definition).get(definition.fallback);
    const inherited = next && provisionOf(next, false);
    const isOwnDefault = inherited?.source === "default" && definition.hasDefault;
    if (inherited?.state === "ready" && !isOwnDefault && !(required && inherited.source === "default")) return inherited;
    if (definition.hasDefault && !required) return { source: "default", state: "ready", provider: definition };
    return { source: "supplied", state: required ? "missing" : "unset", provider: definition };
  };
  const planned = context.settings.map((owned) => {
    const requirement = requirementIn(context, owned);
    const { definition } = owned;
    return { definition, requirement, provision: provisionOf(definition, requirement.required) };
  });
  const { shared, problems } = sharedVariables(planned);
  return {
    variables: planned.flatMap(({ definition, requirement, provision }) =>
      rowsOf(context, definition, requirement.required, provision).filter(({ name }) => !shared.get(definition)?.has(name)),
    ),
    missing: planned.flatMap(({ definition, requirement, provision }) =>
      provision.state === "missing" && requirement.required && !requirement.inherited
        ? [missingOf(context, definition, requirement.because)]
        : [],
    ),
    problems,
  };
};

const missingOf = (context: PlanContext, definition: Definition, because: string): MissingValue => {
  const needed = neededVariables(definition.variables);
  return {
    setting: pathOf(definition),
    variables: needed.map(({ name }) => name),
    secret: needed.some(({ secret }) => secret),
    message: `${needed.map(({ name }) => name).join(", ")} ${because}`,
    entry: `${containerOf(context, definition.group)}/supplied`,
  };
};
