import type { Definition, NamedVariable } from "../definition";
import { listed } from "../internal/listed";
import type { Problem } from "../errors";
import { completenessOf } from "../values/forms";
import { inputOf } from "../values/parse";
import { parseNow, suppliedNames, type PlanContext } from "./context";

/** Problems of supplied values. */
export const suppliedProblems = (context: PlanContext): readonly Problem[] => {
  const definitions = context.settings.map(({ definition }) => definition);
  const named = definitions.flatMap(({ variables, aliases }) => [variables, ...aliases]);
  const all = [...named.flat(), ...definitions.flatMap(({ derived }) => derived)];
  return [
    ...unknown(context, all),
    ...inClear(context, all),
    ...named.flatMap((variables) => incomplete(context, variables)),
    ...definitions.flatMap((definition) => invalid(context, definition)),
  ];
};

const problem = (code: string, path: string, message: string, fix: string): Problem => ({ code, path, message, fix });

const unknown = ({ supplied }: PlanContext, variables: ReadonlyArray<Pick<NamedVariable, "name">>): readonly Problem[] => {
  const known = new Set(variables.map(({ name }) => name));
  return [...supplied.keys()]
    .filter((name) => !known.has(name))
    .map((name) =>
      problem("SUPPLIED_UNKNOWN", name, `${name} is supplied, but no setting has that variable`, "correct the name, or remove it"),
    );
};

const inClear = ({ supplied }: PlanContext, variables: ReadonlyArray<Pick<NamedVariable, "name" | "secret">>): readonly Problem[] => {
  const secret = new Set(variables.filter((variable) => variable.secret).map(({ name }) => name));
  return [...secret]
    .filter((name) => typeof supplied.get(name) === "string")
    .map((name) =>
      problem(
        "SUPPLIED_IN_CLEAR",
        name,
        `${name} is secret, but its value is supplied in plaintext`,
        "store it in the secret store, and pass `true` here",
      ),
    );
};

/** A value of several variables must be supplied completely or not at all. */
const incomplete = ({ supplied }: PlanContext, variables: readonly NamedVariable[]): readonly Problem[] => {
  const completeness = completenessOf(variables, (name) => supplied.has(name));
  if (!completeness || completeness.complete) return [];
  const { missing } = completeness;
  const given = variables.find(({ name }) => supplied.has(name));
  const message = `${listed(missing)} must be supplied too, because ${given?.name} is`;
  return [problem("SUPPLIED_INCOMPLETE", missing[0] ?? "", message, "supply all of them, or none")];
};

/** The text of a plain setting is known, so values that load() would reject are reported before anything is deployed. */
const invalid = ({ supplied }: PlanContext, definition: Definition): readonly Problem[] => {
  const variables = definition.kind.plain ? suppliedNames(definition, supplied) : undefined;
  const text = variables?.[0] && supplied.get(variables[0].name);
  if (!variables || typeof text !== "string") return [];
  const read = inputOf(definition, { value: text }, variables);
  const result = "input" in read ? parseNow(definition, read.input) : read;
  return result && "problems" in result ? result.problems.map((found) => ({ ...found, code: "SUPPLIED_INVALID" })) : [];
};
