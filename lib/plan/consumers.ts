import { pathOf } from "../definition";
import type { Problem } from "../errors";
import { groupBy } from "../internal/group-by";
import { ownedSettings, ownersOf, type PlanContext } from "./context";
import type { PlannedVariable } from "./provision";

/** What one consumer may read: only the groups that it names. */
export interface PlanGrant {
  /** Name of the workload in `consumers`. */
  readonly consumer: string;
  /** Names of the groups that it reads. */
  readonly groups: readonly string[];
  /** Store entries, each once. */
  readonly entries: readonly string[];
  /** Variables that it receives. */
  readonly variables: readonly string[];
}

export const planConsumers = (
  context: PlanContext,
  variables: readonly PlannedVariable[],
): { readonly grants: readonly PlanGrant[]; readonly problems: readonly Problem[] } => {
  const bySetting = groupBy(variables, ({ setting }) => setting);
  const consumers = Object.entries(context.request.consumers ?? { app: context.request.groups });
  const owners = ownersOf(context.settings);
  const planned = new Set(context.request.groups);
  const results = consumers.map(([consumer, groups]) => {
    const own = ownedSettings(groups).map(({ definition }) => owners.get(definition) ?? definition);
    const rows = own.flatMap((definition) => bySetting.get(pathOf(definition)) ?? []);
    const ready = rows.filter(({ state }) => state === "ready");
    const unknown = groups.filter((group) => !planned.has(group));
    const grant: PlanGrant = {
      consumer,
      groups: groups.map(({ name }) => name),
      entries: [...new Set(ready.flatMap(({ entry }) => entry ?? []))],
      variables: ready.map(({ name }) => name),
    };
    return { grant, problems: [...unknown.map(({ name }) => unknownGroup(consumer, name)), ...clashes(consumer, rows)] };
  });
  return { grants: results.map(({ grant }) => grant), problems: results.flatMap(({ problems }) => problems) };
};

const unknownGroup = (consumer: string, group: string): Problem => ({
  code: "GROUP_UNKNOWN",
  path: consumer,
  message: `consumer "${consumer}" reads group "${group}", which is not part of the plan`,
  fix: "add the group to `groups`, or remove it from the consumer",
});

/** Detects variables with two values: a process has one value per variable. */
const clashes = (consumer: string, rows: readonly PlannedVariable[]): readonly Problem[] => {
  const owners = new Map<string, string>();
  return rows.flatMap(({ name, setting }) => {
    const owner = owners.get(name);
    owners.set(name, owner ?? setting);
    if (owner === undefined || owner === setting) return [];
    return [
      {
        code: "VARIABLE_CLASH",
        path: name,
        message: `consumer "${consumer}" would get ${name} from ${owner} and from ${setting}`,
        fix: 'use one setting object in both groups, or rename one of them with { env: "..." }',
      },
    ];
  });
};
