import type { Entry } from "../contract/store";
import { pathOf, type Definition } from "../definition";
import { groupBy } from "../internal/group-by";
import { ownValue } from "../internal/own-value";
import type { PlannedVariable } from "../plan";
import type { Group } from "../settings";
import { contentsOf, type Content } from "../values/written";
import type { Deployment } from "./deployment";

/** An entry of a group's store, with its setting as the group defines it. */
export interface GroupEntry extends Entry {
  readonly definition: Definition;
  /** The setting of the group that provides the value: the setting itself, or the one it falls back to. */
  readonly provider: Definition;
  readonly row: PlannedVariable;
  /** How its text is composed of a resource's fields. */
  readonly content: Content;
}

/** Every entry of a group that the deploy or a broker writes, each variable once. */
export const entriesOf = ({ definitions }: Group, { plan, owners, existing, configured }: Deployment): readonly GroupEntry[] => {
  const rows = groupBy(plan.variables, ({ setting }) => setting);
  const ownerOf = (definition: Definition) => owners.get(definition) ?? definition;
  const byPath = new Map(definitions.map((definition) => [pathOf(ownerOf(definition)), definition]));
  const entries = definitions.flatMap((definition) => {
    const contents = contentsOf(definition);
    const own = rows.get(pathOf(ownerOf(definition))) ?? [];
    const delivered = own.flatMap((row): readonly GroupEntry[] => {
      const { name: variable, secret, state, writer } = row;
      const [provider, content] = [byPath.get(row.provider ?? row.setting), contents.get(variable)];
      if (state !== "ready" || (writer !== "deploy" && writer !== "broker") || !provider || !content) return [];
      const given = row.source === "provisioned" ? existing.get(ownerOf(provider).id)?.fields : undefined;
      if (given && lacks(given, content, provider)) return [];
      return [{ definition, provider, row, content, setting: provider.name, variable, secret, writer }];
    });
    return [...delivered, ...own.slice(0, 1).flatMap((row) => aliasEntries(definition, row, configured))];
  });
  return [...new Map(entries.map((entry) => [entry.variable, entry])).values()];
};

/** A value supplied under an alias also keeps that name: the app may read it itself. */
const aliasEntries = (definition: Definition, row: PlannedVariable, { outputs }: Deployment["configured"]): readonly GroupEntry[] =>
  definition.aliases.flat().flatMap(({ name: variable, field, secret }) => {
    const content = { field, options: definition.kind.encodeOptions };
    const entry = { definition, provider: definition, row, content, setting: definition.name, variable, secret, writer: "deploy" as const };
    return variable in outputs ? [entry] : [];
  });

/** Whether an existing resource lacks an optional field. */
const lacks = (given: object, content: Content, { kind }: Definition): boolean => {
  const needed = "field" in content ? [content.field] : content.fields.filter((field) => ownValue(kind.optionalFields, field) !== "shared");
  return needed.some((field) => field in kind.optionalFields && ownValue<unknown>({ ...given }, field) === undefined);
};
