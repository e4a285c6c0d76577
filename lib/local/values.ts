import type { Definition } from "../definition";
import { screamingSnake } from "../names";
import type { Group } from "../settings";
import { writeValues } from "../stores/local/write";
import type { Lease } from "./leases";

type Values = Readonly<Record<string, string>>;

/** The variables of every leased setting. */
export const valuesOf = (groups: readonly Group[], leases: readonly Lease[]): Values => {
  const definitions = new Map(
    groups.flatMap((group) =>
      group.definitions.map((definition): [string, Definition] => [`${definition.group}.${definition.name}`, definition]),
    ),
  );
  return Object.fromEntries(leases.flatMap(({ resource, fields }) => variablesOf(definitions.get(resource.setting), fields)));
};

const variablesOf = (definition: Definition | undefined, fields: unknown): ReadonlyArray<readonly [string, string]> => {
  const texts = definition?.kind.encode?.(fields as never, definition.options as never) ?? {};
  return present(definition?.variables.map(({ name, suffix }) => [name, texts[suffix]]) ?? []);
};

/** Keeps the values of each group; the result is the address of each by its `ENDOW_<GROUP>` variable. */
export const writeStores = async (folder: string, groups: readonly Group[], values: Values): Promise<Values> =>
  Object.fromEntries(
    await Promise.all(
      groups.map(async ({ name: group, definitions }) => {
        const own = present(definitions.flatMap(({ variables }) => variables.map(({ name }) => [name, values[name]] as const)));
        const address = await writeValues(folder, group, Object.fromEntries(own));
        return [`ENDOW_${screamingSnake(group)}`, address.href] as const;
      }),
    ),
  );

const present = (entries: ReadonlyArray<readonly [string, string | undefined]>) =>
  entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
