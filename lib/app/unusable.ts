import type { Definition } from "../definition";
import type { Problem } from "../errors";
import { parseNow } from "../plan/context";
import { gather, type Gathered } from "../runtime/gather";
import { inputOf } from "../runtime/parse";
import type { Group } from "../settings";
import type { Supplied } from "./supplied";

/**
 * What `load()` would refuse of the values that a person has supplied, in its words. A value that is kept in a file is left to the app:
 * it may be one that only the app can read. So is what an asynchronous check says.
 */
export const unusableValues = (groups: readonly Group[], { values }: Supplied): readonly Problem[] =>
  groups.flatMap(({ definitions }) =>
    [...gather(definitions, withoutFiles(definitions, values), new Map())]
      .filter(([definition]) => !isInFile(definition, values))
      .flatMap(([definition, gathered]) => problemsOf(definition, gathered)),
  );

const problemsOf = (definition: Definition, gathered: Gathered): readonly Problem[] => {
  // A value of several variables that is not whole is told by the plan.
  if (gathered.found !== "value") return [];
  // Told by the name that it was given under, which may be an alias.
  const given = { ...definition, variables: gathered.variables };
  const input = inputOf(given, gathered.texts, given.variables);
  const result = "input" in input ? parseNow(given, input.input) : input;
  return result && "problems" in result ? result.problems : [];
};

const variablesOf = ({ variables, aliases }: Definition) => [variables, ...aliases].flat();

const isInFile = (definition: Definition, values: Supplied["values"]): boolean =>
  variablesOf(definition).some(({ name }) => `${name}_FILE` in values);

const withoutFiles = (definitions: readonly Definition[], values: Supplied["values"]): Supplied["values"] => {
  const names = new Set(definitions.flatMap(variablesOf).map(({ name }) => name));
  return Object.fromEntries(Object.entries(values).filter(([name]) => names.has(name)));
};
