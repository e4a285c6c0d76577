import type { Definition } from "../definition";
import type { Problem } from "../errors";
import { declarationProblem } from "./describe";

/** Variables that two settings would use. */
export const collisions = (definitions: readonly Definition[]): readonly Problem[] => {
  const owners = new Map<string, Definition>();
  const problems: Problem[] = [];
  const claim = (name: string, definition: Definition) => {
    const owner = owners.get(name);
    if (owner && owner !== definition)
      problems.push(
        declarationProblem(definition)(
          `uses the variable ${name}, as does ${owner.group}.${owner.name}`,
          'give one of them another name by { env: "..." }',
        ),
      );
    else owners.set(name, definition);
  };
  for (const definition of definitions) for (const { name } of definition.variables) claim(name, definition);
  // `NAME_FILE` is where the value of `NAME` may be kept, so no other setting can be called that.
  for (const definition of definitions) for (const { name } of definition.variables) claim(`${name}_FILE`, definition);
  for (const definition of definitions) {
    for (const { name } of definition.aliases.flat()) {
      const owner = owners.get(name);
      if (owner && owner !== definition)
        problems.push(
          declarationProblem(definition)(
            `has the alias ${name}, which is the variable of ${owner.group}.${owner.name}`,
            `write { fallback: "${owner.name}" } instead`,
          ),
        );
    }
  }
  return problems;
};

/** Ids that two settings would have, now or formerly. */
export const idProblems = (definitions: readonly Definition[]): readonly Problem[] => {
  const owners = new Map<string, Definition>();
  return definitions.flatMap((definition) =>
    [definition.id, ...definition.formerly].flatMap((id) => {
      const owner = owners.get(id);
      owners.set(id, owner ?? definition);
      return owner && owner !== definition
        ? [
            declarationProblem(definition)(
              `has the id "${id}", as has ${owner.group}.${owner.name}`,
              "an id names one setting's resources: choose another",
            ),
          ]
        : [];
    }),
  );
};
