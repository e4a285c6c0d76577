import type { Definition } from "../definition";
import type { Problem } from "../errors";
import { declarationProblem } from "./describe";

/** Variables used by two settings. */
export const collisions = (definitions: readonly Definition[]): readonly Problem[] => {
  const owners = new Map<string, Definition>();
  const problems: Problem[] = [];
  const claim = (name: string, definition: Definition) => {
    const owner = owners.get(name);
    if (owner && owner !== definition)
      problems.push(
        declarationProblem(definition)(
          `uses the variable ${name}, which ${owner.group}.${owner.name} also uses`,
          'rename one of them with { env: "..." }',
        ),
      );
    else owners.set(name, definition);
  };
  for (const definition of definitions) for (const { name } of definition.variables) claim(name, definition);
  // `NAME_FILE` may name a file with the value of `NAME`, so no other setting can use it.
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

/** Ids used by two settings, now or formerly. */
export const idProblems = (definitions: readonly Definition[]): readonly Problem[] => {
  const owners = new Map<string, Definition>();
  return definitions.flatMap((definition) =>
    [definition.id, ...definition.formerly].flatMap((id) => {
      const owner = owners.get(id);
      owners.set(id, owner ?? definition);
      return owner && owner !== definition
        ? [
            declarationProblem(definition)(
              `has the id "${id}", which ${owner.group}.${owner.name} also has`,
              "choose another id: an id identifies the resources of one setting",
            ),
          ]
        : [];
    }),
  );
};
