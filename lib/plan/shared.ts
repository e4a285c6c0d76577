import { pathOf, type Definition } from "../definition";
import type { Problem } from "../errors";
import type { Provision } from "./provision";

interface Planned {
  readonly definition: Definition;
  readonly provision: Provision;
}

/**
 * Variables that a setting shares with an earlier setting of its group, which owns them. The declaration allows that for settings on one server.
 * The plan rejects it if their values come from different places.
 */
export const sharedVariables = (
  planned: readonly Planned[],
): { readonly shared: ReadonlyMap<Definition, ReadonlySet<string>>; readonly problems: readonly Problem[] } => {
  const owners = new Map<string, Planned>();
  const shared = new Map<Definition, Set<string>>();
  const problems: Problem[] = [];
  for (const one of planned) {
    const { definition } = one;
    for (const { name } of definition.variables) {
      const key = `${definition.group} ${name}`;
      const owner = owners.get(key);
      if (!owner) owners.set(key, one);
      else if (owner.definition !== definition) {
        shared.set(definition, (shared.get(definition) ?? new Set()).add(name));
        if (!isOneValue(owner.provision, one.provision)) problems.push(clash(name, owner.definition, definition));
      }
    }
  }
  return { shared, problems };
};

const isOneValue = (one: Provision, other: Provision): boolean => {
  const [mine, theirs] = [one.resource, other.resource];
  if (mine === undefined || theirs === undefined) return one.source === other.source && one.source !== "provisioned";
  return mine.server === theirs.server && mine.hosting === theirs.hosting && (mine.hosting === "own" || mine.hosting === "base");
};

const clash = (name: string, owner: Definition, other: Definition): Problem => ({
  code: "VARIABLE_CLASH",
  path: name,
  message: `${pathOf(owner)} and ${pathOf(other)} share the variable ${name}, but their values come from different places here`,
  fix: "provide both in the same way, or give one of them its own variable with { variables }",
});
