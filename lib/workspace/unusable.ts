import { acceptedVariables, type Definition } from "../definition";
import type { EnvironmentType } from "../environment";
import type { Problem } from "../errors";
import { ownValue } from "../own-value";
import { parseNow } from "../plan/context";
import { gather, type Gathered } from "../values/gather";
import { inputOf, type Parsed } from "../values/parse";
import { reuseProblems } from "../values/reuse";
import { weaknessProblems, type Outcome } from "../values/rules";
import type { Group } from "../settings";

/** Texts by variable. */
type Values = Readonly<Record<string, string>>;

/**
 * What `load()` would refuse of the values that a person has supplied, in its words. A value that is kept in a file is left to the app:
 * it may be one that only the app can read. So is what an asynchronous check says.
 *
 * @param type of the environment: production refuses weak and reused secrets
 */
export const unusableValues = (groups: readonly Group[], values: Values, type: EnvironmentType = "development"): readonly Problem[] =>
  groups.flatMap(({ definitions }) => {
    const outcomes = [...gather(definitions, withoutFiles(definitions, values), new Map())]
      .filter(([definition]) => !isInFile(definition, values))
      .flatMap(([definition, gathered]) => outcomeOf(definition, gathered));
    return [...outcomes.flatMap(({ problems }) => problems), ...weaknessProblems(outcomes, type), ...reuseProblems(outcomes, type)];
  });

const outcomeOf = (definition: Definition, gathered: Gathered): readonly Outcome[] => {
  // A value of several variables that is not whole is told by the plan.
  if (gathered.found !== "value") return [];
  // Told by the name that it was given under, which may be an alias.
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
