import { pathOf, type Definition, type NamedVariable } from "../definition";
import type { Problem } from "../errors";
import { declarationProblem } from "./describe";

interface Owner {
  readonly definition: Definition;
  /** Absent for a derived variable and for the name of a file. */
  readonly variable?: NamedVariable;
}

/** Variables used by two settings, or twice by one. */
export const collisions = (definitions: readonly Definition[]): readonly Problem[] => {
  const owners = new Map<string, Owner>();
  const problems: Problem[] = [];
  const claim = (name: string, one: Owner) => {
    const owner = owners.get(name);
    if (owner && !areOne(owner, one)) problems.push(collision(name, owner, one));
    else owners.set(name, owner ?? one);
  };
  for (const definition of definitions) {
    for (const variable of definition.variables) claim(variable.name, { definition, variable });
    for (const { name } of definition.derived) claim(name, { definition });
  }
  // `NAME_FILE` may name a file with the value of `NAME`, so no other setting can use it.
  for (const [name, { definition, variable }] of owners) if (variable && definition.files) claim(`${name}_FILE`, { definition });
  for (const definition of definitions) {
    for (const { name } of definition.aliases.flat()) {
      const owner = owners.get(name);
      if (owner && owner.definition !== definition)
        problems.push(
          declarationProblem(definition)(
            `has the alias ${name}, which is a variable of ${pathOf(owner.definition)}`,
            `write { fallback: "${owner.definition.name}" } instead`,
          ),
        );
    }
  }
  return problems;
};

/** Whether both uses mean one value: a server's host, in two settings on that server. The plan checks that both are still on it. */
const areOne = ({ definition, variable }: Owner, other: Owner): boolean => {
  if (!variable || !other.variable) return definition === other.definition && variable === other.variable;
  const { kind, group } = definition;
  const theirs = other.definition.kind;
  return (
    definition !== other.definition &&
    group === other.definition.group &&
    kind.name === theirs.name &&
    variable.field === other.variable.field &&
    [kind, theirs].every(({ sharedFields }) => sharedFields.includes(variable.field)) &&
    kind.server?.id === theirs.server?.id
  );
};

const collision = (name: string, owner: Owner, { definition, variable }: Owner): Problem => {
  const problem = declarationProblem(definition);
  if (owner.definition === definition)
    return problem(`uses the variable ${name} twice`, "give each field and each derived variable its own name");
  const whose = pathOf(owner.definition);
  const share =
    variable && definition.kind.name === owner.definition.kind.name && definition.kind.sharedFields.includes(variable.field)
      ? ", or give both settings the same `server`"
      : "";
  return problem(`uses the variable ${name}, which ${whose} also uses`, `rename one of them with { env: "..." } or { variables }${share}`);
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
              `has the id "${id}", which ${pathOf(owner)} also has`,
              "choose another id: an id identifies the resources of one setting",
            ),
          ]
        : [];
    }),
  );
};
