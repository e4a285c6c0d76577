import type { Entry } from "../contract/store";
import { ownValue } from "../internal/own-value";
import { acceptedVariables, type Definition } from "../definition";
import type { PlannedVariable } from "../plan";
import type { Group } from "../settings";
import type { Deployment } from "./deployment";

/** An entry of a group's store, with its setting as the group defines it. */
export interface GroupEntry extends Entry {
  readonly definition: Definition;
  /** Suffix of the variable, where a resource provides it. */
  readonly suffix?: string;
  /** Field of the resource, where the variable holds a single one. */
  readonly field?: string | undefined;
}

/** Every entry of a group, each variable once, regardless of its writer. */
export const entriesOf = ({ definitions }: Group, { plan, owners, configured, existing }: Deployment): readonly GroupEntry[] => {
  const rows = new Map<string, PlannedVariable[]>();
  for (const row of plan.variables) rows.set(row.setting, [...(rows.get(row.setting) ?? []), row]);
  const entries = definitions.flatMap((definition): readonly GroupEntry[] => {
    const { group, name, id } = owners.get(definition) ?? definition;
    const own = rows.get(`${group}.${name}`) ?? [];
    const { source, from } = own[0] ?? {};
    if (source !== "provisioned" && (source !== "generated" || from !== undefined)) return suppliedEntries(definition, configured.outputs);
    const given = existing.get(id)?.fields;
    return providedEntries(definition, own).filter(
      ({ field }) => given === undefined || field === undefined || ownValue<unknown>({ ...given }, field) !== undefined,
    );
  });
  return [...new Map(entries.map((entry) => [entry.variable, entry])).values()];
};

const providedEntries = (definition: Definition, rows: readonly PlannedVariable[]): readonly GroupEntry[] =>
  definition.variables.flatMap(({ name: variable, suffix, secret, field }, index) => {
    const row = rows[index];
    return row?.state === "ready"
      ? [{ definition, setting: definition.name, variable, suffix, field, secret, writer: row.writer ?? "deploy" }]
      : [];
  });

const suppliedEntries = (definition: Definition, supplied: Deployment["configured"]["outputs"]): readonly GroupEntry[] =>
  acceptedVariables(definition).flatMap(({ name: variable, secret }) =>
    variable in supplied ? [{ definition, setting: definition.name, variable, secret, writer: "deploy" as const }] : [],
  );
