import { pathOf, type Definition } from "../definition";
import type { Problem } from "../errors";
import { listed } from "../internal/listed";
import { neededVariables } from "../values/forms";
import { writtenDefault } from "../values/written-default";
import { containerOf, requirementIn, suppliedNames, type PlanContext } from "./context";
import type { PlannedResource } from "./resources";
import type { MissingValue, PlannedVariable, Provision } from "./provision";
import { rowsOf, underivedProblems } from "./rows";
import { sharedVariables } from "./shared";

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
    if (isGenerated(context, definition)) return { source: "generated", state: "ready", provider: definition };
    const next = definition.fallback === undefined ? undefined : context.neighbours(definition).get(definition.fallback);
    const inherited = next && provisionOf(next, false);
    const isOwnDefault = inherited?.source === "default" && definition.hasDefault;
    if (inherited?.state === "ready" && !isOwnDefault && !(required && inherited.source === "default")) return inherited;
    if (definition.hasDefault && !required) {
      const written = writtenDefault(definition);
      return { source: "default", state: "ready", provider: definition, ...(typeof written === "object" && written) };
    }
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
        ? [missingOf(context, definition, definition.kind.generation ? notGenerated(context) : requirement.because)]
        : [],
    ),
    problems: [...problems, ...planned.flatMap(({ definition, provision }) => underivedProblems(context, definition, provision))],
  };
};

const isGenerated = ({ target }: PlanContext, { kind }: Definition): boolean =>
  kind.generation !== undefined && target.generated !== undefined;

const notGenerated = ({ target }: PlanContext): string => `must be supplied, because the target ${target.name} cannot generate it`;

const missingOf = (context: PlanContext, definition: Definition, because: string): MissingValue => {
  const needed = neededVariables(definition.variables);
  return {
    setting: pathOf(definition),
    variables: needed.map(({ name }) => name),
    secret: needed.some(({ secret }) => secret),
    message: `${listed(needed.map(({ name }) => name))} ${because}`,
    entry: `${containerOf(context, definition.group)}/supplied`,
  };
};
