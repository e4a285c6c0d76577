import type { PlannedResource } from "../plan";
import type { LeaseRecord } from "./record";
import { recipeOf } from "./recipes";
import type { RunningServer } from "./server";

/** What a setting has got on a server. */
export interface Lease {
  readonly resource: PlannedResource;
  readonly record: LeaseRecord;
  /** The kind's fields, secrets among them. */
  readonly fields: unknown;
}

/** Makes the leases of one server. A setting that was renamed or moved keeps what it had under its former id. */
export const leaseAll = (
  { server, kind }: RunningServer,
  resources: readonly PlannedResource[],
  known: readonly LeaseRecord[],
): Promise<readonly Lease[]> =>
  Promise.all(
    resources.map(async (resource) => {
      const name = known.find((lease) => belongsTo(lease, resource))?.name ?? resource.name;
      const fields = await recipeOf(kind).lease(server, { id: resource.id, name, options: resource.options });
      return { resource, fields, record: { id: resource.id, kind, server: resource.server, name, disabled: false, open: false } };
    }),
  );

/**
 * The leases to remember: those made now, those of servers that did not come up, and those of settings that are gone, whose logins
 * are shut out, at once or when their server next runs. Data stays.
 */
export const settleLeases = async (
  before: readonly LeaseRecord[],
  made: readonly Lease[],
  planned: readonly PlannedResource[],
  servers: readonly RunningServer[],
): Promise<LeaseRecord[]> => {
  const current = made.map(({ record }) => record);
  const others = before.filter((lease) => !current.some(({ server, name }) => server === lease.server && name === lease.name));
  const settled = others.map(async (lease) => {
    if (planned.some((resource) => belongsTo(lease, resource))) return lease;
    const running = servers.find(({ name }) => name === lease.server);
    const open = lease.open || !lease.disabled;
    if (running && open) await recipeOf(lease.kind).disable(running.server, lease.name);
    return { ...lease, disabled: true, open: open && running === undefined };
  });
  return [...current, ...(await Promise.all(settled))];
};

/** What to tell a person whose setting got its first lease on a server while its data stays on another one, as after a change of version. */
export const movedNotes = (before: readonly LeaseRecord[], made: readonly Lease[]): string[] =>
  made.flatMap(({ resource }) => {
    const known = before.filter((lease) => isOf(lease, resource));
    if (known.length === 0 || known.some((lease) => belongsTo(lease, resource))) return [];
    const servers = [...new Set(known.map(({ server }) => server))].join(" and ");
    const copy = resource.kind === "postgres" ? " with pg_dump" : "";
    return [
      `the data of ${resource.setting} stays on ${servers}; ${resource.server} starts empty. ` +
        `Ask for the former version again to get it back, or copy it${copy}`,
    ];
  });

const belongsTo = (lease: LeaseRecord, resource: PlannedResource): boolean => lease.server === resource.server && isOf(lease, resource);

const isOf = (lease: LeaseRecord, { id, formerly }: PlannedResource): boolean => [id, ...formerly].includes(lease.id);
