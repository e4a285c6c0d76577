import { acceptedVariables, type Definition } from "../definition";
import type { EnvironmentType } from "../environment";
import type { Problem } from "../errors";
import { ownValue } from "../internal/own-value";
import { parseNow } from "../plan/context";
import { gather, type Gathered } from "../values/gather";
import { inputOf, type Parsed } from "../values/parse";
import { reuseProblems } from "../values/reuse";
import { weaknessProblems, type Outcome } from "../values/rules";
import type { Group } from "../settings";

/** Texts by variable. */
type Values = Readonly<Record<string, string>>;

/**
 * Reports supplied values that `load()` would refuse, in its words. Values kept in files are left to the app, which may be the only one
 * able to read them. So are asynchronous checks.
 *
 * @param type the environment's type: production refuses weak and reused secrets
 */
export const unusableValues = (groups: readonly Group[], values: Values, type: EnvironmentType = "development"): readonly Problem[] =>
  groups.flatMap(({ definitions }) => {
    const outcomes = [...gather(definitions, withoutFiles(definitions, values), new Map())]
      .filter(([definition]) => !isInFile(definition, values))
      .flatMap(([definition, gathered]) => outcomeOf(definition, gathered));
    return [...outcomes.flatMap(({ problems }) => problems), ...weaknessProblems(outcomes, type), ...reuseProblems(outcomes, type)];
  });

const outcomeOf = (definition: Definition, gathered: Gathered): readonly Outcome[] => {
  // The plan reports an incomplete value of several variables.
  if (gathered.found !== "value") return [];
  // Reported under the name that the user set, which may be an alias.
  const given = { ...definition, variables: gathered.variables };
  const input = inputOf(given, gathered.texts, given.variables);
  const result: Parsed | undefined = "input" in input ? parseNow(given, input.input) : input;
  const value = result && "value" in result ? result.value : undefined;
  const problems = result && "problems" in result ? result.problems : [];
  return [{ definition: given, gathered, value, absenceRefused: false, problems }];
};

const isInFile = (definition: Definition, values: Values): boolean =>
  acceptedVariables(definition).some(({ name }) => Object.hasOwn(values, `${name}_FILE`));

const withoutFiles = (definitions: readonly Definition[], values: Values): Values =>
  Object.fromEntries(
    definitions.flatMap(acceptedVariables).flatMap(({ name }) => {
      const value = ownValue(values, name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
