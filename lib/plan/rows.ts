import { pathOf, type Definition, type DerivedVariable, type NamedVariable } from "../definition";
import type { Problem } from "../errors";
import { listed } from "../internal/listed";
import { ownValue } from "../internal/own-value";
import { fill } from "../template";
import { containerOf, type PlanContext } from "./context";
import type { EntryWriter, PlannedVariable, Provision } from "./provision";

/** The rows of one setting: its variables and those derived from them. */
export const rowsOf = (
  context: PlanContext,
  definition: Definition,
  required: boolean,
  provision: Provision,
): readonly PlannedVariable[] => {
  const rows = definition.variables.flatMap((variable) => {
    const value = valueOf(context, definition, variable, provision);
    // Fields of shared resources are omitted if the resource is not shared.
    if (value.state === "unset" && ownValue(definition.kind.optionalFields, variable.field) === "shared") return [];
    return [rowOf(context, definition, variable, required && variable.required && value.state !== "unset", provision, value)];
  });
  const derived = definition.derived.map((variable) => {
    const value = derivedValueOf(context, definition, variable, provision);
    return { ...rowOf(context, definition, variable, false, provision, value), derived: true as const };
  });
  return [...rows, ...derived];
};

/** The state of one variable. `from`: the variable that holds its value, if not itself. */
interface RowValue {
  readonly state: PlannedVariable["state"];
  readonly from?: string | undefined;
  /** Whether the user supplied this variable although the setting's value comes from elsewhere. */
  readonly isOwn?: boolean;
}

const valueOf = (context: PlanContext, definition: Definition, variable: NamedVariable, provision: Provision): RowValue => {
  const { provider, source, state, names = [] } = provision;
  if (state !== "ready") return { state };
  const isInherited = provider !== definition;
  const ofField = provider.variables.find(({ field }) => field === variable.field) ?? provider.variables[0];
  const inherited = isInherited ? { from: ofField?.name } : {};
  if (source !== "supplied")
    return { state: isProvided(context, variable.field, variable.secret, provision) ? "ready" : "unset", ...inherited };
  if (context.supplied.has(variable.name)) return { state: "ready" };
  const given = names.filter(({ name }) => context.supplied.has(name));
  const holder = given.find(({ field }) => field === variable.field);
  if (holder) return { state: "ready", from: holder.name };
  // The other form: composed for a setting that falls back, unset for the setting that has the value.
  return isInherited && isKnown(context, given) ? { state: "ready", from: given[0]?.name } : { state: "unset" };
};

const derivedValueOf = (context: PlanContext, definition: Definition, variable: DerivedVariable, provision: Provision): RowValue => {
  if (context.supplied.has(variable.name)) return { state: "ready", isOwn: true };
  const { provider, source, state, names = [] } = provision;
  if (state !== "ready" || (source === "default" && provision.text === undefined)) return { state: "unset" };
  if (source === "supplied") {
    const given = names.filter(({ name }) => context.supplied.has(name));
    return isKnown(context, given) ? { state: "ready", from: given[0]?.name } : { state: "unset" };
  }
  const isReady = variable.fields.every((field) => {
    const isSecret = definition.kind.variables.find((one) => one.field === field)?.secret ?? false;
    return ownValue(definition.kind.optionalFields, field) === "shared" || isProvided(context, field, isSecret, provision);
  });
  if (!isReady) return { state: "unset" };
  return { state: "ready", ...(provider !== definition && { from: provider.variables[0]?.name }) };
};

/**
 * Derived variables that an app would silently lack, because the supplied value to compose them of is in a store. In development, `endow dev` shows
 * them as not set.
 */
export const underivedProblems = (context: PlanContext, definition: Definition, provision: Provision): readonly Problem[] => {
  const { source, state, names = [] } = provision;
  const given = names.filter(({ name }) => context.supplied.has(name));
  if (context.environment.type === "development" || source !== "supplied" || state !== "ready" || isKnown(context, given)) return [];
  return definition.derived
    .filter(({ name }) => !context.supplied.has(name))
    .map(({ name }) => ({
      code: "DERIVED_UNKNOWN",
      path: name,
      message: `${name} cannot be derived: the value of ${listed(given.map((one) => one.name))} is not known before the app starts`,
      fix: `supply ${name} as well`,
    }));
};

/** Whether the deploy has the values of supplied variables, and can therefore compose others of them. */
const isKnown = ({ supplied, configured }: PlanContext, names: readonly NamedVariable[]): boolean =>
  names.every(({ name }) => supplied.get(name) !== true || configured.has(name));

/** Whether a resource provides a field: not a secret that the consumer's identity replaces, nor an optional field that the target lacks. */
const isProvided = ({ target }: PlanContext, field: string, secret: boolean, { provider, resource }: Provision): boolean => {
  const { kind } = provider;
  if (secret && resource?.credential === "identity") return false;
  if (resource === undefined || resource.hosting === "none") return true;
  const there = ownValue(target.kinds, kind.name)?.optionalFields ?? [];
  return ownValue(kind.optionalFields, field) === undefined || there.includes(field);
};

const rowOf = (
  context: PlanContext,
  definition: Definition,
  { name, secret }: Pick<NamedVariable, "name" | "secret">,
  required: boolean,
  provision: Provision,
  { state, from, isOwn = false }: RowValue,
): PlannedVariable => {
  const source = isOwn ? "supplied" : provision.source;
  const value = state === "ready" && source === "default" ? textOfDefault(definition, name, provision.text) : undefined;
  const isKept = state === "ready" && (source !== "default" || value !== undefined);
  return {
    name,
    setting: pathOf(definition),
    group: definition.group,
    kind: definition.kind.name,
    secret,
    required,
    source,
    state,
    ...(!isOwn && provision.provider !== definition && { provider: pathOf(provision.provider) }),
    ...(from !== undefined && state === "ready" && { from }),
    ...(value !== undefined && { value }),
    ...(isKept && keptAt(context, definition, from ?? name, { ...provision, source }, secret)),
    ...(definition.description !== undefined && { description: definition.description }),
  };
};

/** The default itself, or text composed of it. */
const textOfDefault = ({ derived }: Definition, name: string, text: string | undefined): string | undefined => {
  const template = derived.find((one) => one.name === name)?.template;
  return text === undefined || template === undefined ? text : fill(template, { value: text });
};

/** The deploy writes values that it knows from the request or the stack's configuration; people or a broker write the others. */
const keptAt = (
  context: PlanContext,
  { group }: Definition,
  holder: string,
  { source, resource, provider }: Provision,
  secret: boolean,
): { readonly entry: string; readonly writer: EntryWriter } => {
  const isWritten = context.supplied.get(holder) !== true || context.configured.has(holder);
  if (source === "supplied" && !isWritten) return { entry: `${containerOf(context, provider.group)}/supplied`, writer: "people" };
  // The broker writes both halves of a generated key pair in one entry, so that they always match.
  const isBrokered = source === "generated" ? context.target.generated === "broker" : resource?.credential === "broker" && secret;
  if (isBrokered) return { entry: `${containerOf(context, provider.group)}/${provider.name}`, writer: "broker" };
  return { entry: containerOf(context, group), writer: "deploy" };
};
