import type { Definition } from "../definition";
import type { EnvironmentType } from "../environment";
import type { Problem } from "../errors";
import { listed } from "../internal/listed";
import { shown } from "../text";
import { neededVariables } from "./forms";
import type { Gathered } from "./gather";

/** The result for one setting. */
export interface Outcome {
  readonly definition: Definition;
  /** The texts found for it, valid or not. */
  readonly gathered: Gathered;
  readonly value: unknown;
  /** Whether no value was found and the schema refused that, although it seemed optional: `z.preprocess()`. */
  readonly absenceRefused: boolean;
  readonly problems: readonly Problem[];
}

/** Why a setting must have a value, as the end of a sentence that starts with its variable. */
export type Requirement =
  | { readonly required: false }
  | {
      readonly required: true;
      readonly because: string;
      /** Whether only its fallback makes it required: a value for that one is enough, and the problem is reported there. */
      readonly inherited?: true;
    };

const OPTIONAL: Requirement = { required: false };

/**
 * Whether a setting must have a value: decided by `requiredIn` and `requiredWhen`, else by its fallback, else by whether its schema
 * accepts an absent value.
 *
 * @param valueOf the value of a plain setting of the same group.
 */
export const requirementOf = (
  definition: Definition,
  type: EnvironmentType,
  byName: ReadonlyMap<string, Definition>,
  valueOf: (name: string) => unknown,
): Requirement => {
  const { requiredIn, requiredWhen, fallback } = definition;
  if (requiredIn?.includes(type)) return { required: true, because: `must be configured in ${type}` };
  const conditions = Object.entries(requiredWhen ?? {});
  if (conditions.length > 0 && conditions.every(([name, values]) => values.includes(valueOf(name)))) {
    return {
      required: true,
      because: `is required when ${conditions.map(([name]) => `${byName.get(name)?.variables[0]?.name} is ${shown(valueOf(name))}`).join(" and ")}`,
    };
  }
  if (requiredIn || requiredWhen || definition.onAbsent !== "refused") return OPTIONAL;
  const next = fallback === undefined ? undefined : byName.get(fallback);
  if (next)
    return requirementOf(next, type, byName, valueOf).required
      ? { required: true, because: "must be configured", inherited: true }
      : OPTIONAL;
  return { required: true, because: "must be configured" };
};

export const missingValues = (outcomes: readonly Outcome[], type: EnvironmentType): readonly Problem[] => {
  const byName = new Map(outcomes.map(({ definition }) => [definition.name, definition]));
  const values = new Map(outcomes.map(({ definition, value }) => [definition.name, value]));
  return outcomes.flatMap(({ definition, gathered, absenceRefused }) => {
    if (gathered.found !== "nothing") return [];
    const requirement = requirementOf(definition, type, byName, (name) => values.get(name));
    if (requirement.required) return requirement.inherited ? [] : [missing(definition, requirement.because, type)];
    return absenceRefused ? [missing(definition, "must be configured", type)] : [];
  });
};

const missing = (definition: Definition, because: string, type: EnvironmentType): Problem => {
  const required = neededVariables(definition.variables).map(({ name }) => name);
  const name = listed(required);
  const aliases = definition.aliases.map((alias) => neededVariables(alias)[0]?.name);
  const other = required.length === 1 && definition.files ? [`${name}_FILE`, ...aliases] : aliases;
  const set = `set ${name} in the environment${other.length > 0 ? ` (or ${other.join(" or ")})` : ""}`;
  const provides = definition.kind.server ? "provides" : definition.kind.generation ? "generates" : undefined;
  const dev = provides === undefined ? "" : `start the app with \`endow dev -- <command>\`, which ${provides} it, or `;
  return {
    code: "SETTING_MISSING",
    path: required[0] ?? "",
    message: `${name} ${because}`,
    fix: type === "development" ? `${dev}${set}${dev === "" ? ", for example in .env" : ""}` : set,
  };
};

/** In production, values that parse but offer no protection are refused. */
export const weaknessProblems = (outcomes: readonly Outcome[], type: EnvironmentType): readonly Problem[] =>
  type !== "production"
    ? []
    : outcomes.flatMap(({ definition, gathered, value }) => {
        const set = gathered.found === "value" ? gathered.variables.filter(({ field }) => gathered.texts[field] !== undefined) : [];
        const name = (set.find(({ secret }) => secret) ?? definition.variables[0])?.name ?? "";
        return definition.kind.weaknesses(value).map((sentence): Problem => ({
          code: "SETTING_WEAK",
          path: name,
          message: `${name} ${sentence}, which production refuses`,
          fix: `set ${name} to the real value; if it is yours to choose, generate a long random one`,
        }));
      });
