import type { PlannedResource } from "../plan";
import type { LocalEnvironment } from "./environment";
import type { ReachableServer } from "./recipe";
import type { EnvironmentState, LeaseState } from "./state";
import { recipeOf } from "./recipes";
import type { RunningServer } from "./server";

/** What a setting asks for on a server, which goes by the name that it has here. */
export type LocalLeaseRequest = Pick<PlannedResource, "id" | "formerly" | "setting" | "kind" | "server" | "name" | "options">;

/** What a setting has got on a server. */
export interface LocalLease {
  readonly resource: LocalLeaseRequest;
  /** Name of the database, user or bucket. */
  readonly login: string;
  /** The kind's fields, secrets among them. */
  readonly fields: object;
}

/** Makes a lease, or finds it so, and records it. A setting that was renamed or moved keeps what it had under its former id. */
export const makeLease = async (
  environment: LocalEnvironment,
  { server }: RunningServer,
  resource: LocalLeaseRequest,
): Promise<LocalLease> => {
  const { leases } = await environment.record();
  const { id, kind, options } = resource;
  const login = leases.find((lease) => belongsTo(lease, resource))?.name ?? resource.name;
  const fields = await recipeOf(kind).lease(server, { id, name: login, options });
  await changeLease(environment, { id, kind, server: resource.server, name: login, disabled: false, open: false });
  return { resource, login, fields };
};

/**
 * Shuts the login out of a lease that nobody has any more; its data stays. Without the server that happens when it next runs.
 *
 * @param server where it runs; absent when it does not
 */
export const shutOut = async (environment: LocalEnvironment, lease: LeaseState, server: ReachableServer | undefined): Promise<void> => {
  const open = lease.open || !lease.disabled;
  if (server && open) await recipeOf(lease.kind).disable(server, lease.name);
  await changeLease(environment, { ...lease, disabled: true, open: open && server === undefined });
};

/** Shuts out what had to be while its server did not run. */
export const shutOutLate = async (environment: LocalEnvironment, { name, server }: RunningServer): Promise<void> => {
  const { leases } = await environment.record();
  const late = leases.filter((lease) => lease.server === name && lease.open);
  await Promise.all(late.map((lease) => shutOut(environment, lease, server)));
};

/** Removes a lease with its data. */
export const dropLease = async (environment: LocalEnvironment, lease: LeaseState, server: ReachableServer): Promise<void> => {
  await recipeOf(lease.kind).drop(server, lease.name);
  await environment.change((record) => ({ ...record, leases: record.leases.filter((other) => !isSame(other, lease)) }));
};

/** Shuts out the leases of settings that are not planned any more. */
export const settleLeases = async (
  environment: LocalEnvironment,
  planned: readonly LocalLeaseRequest[],
  servers: readonly RunningServer[],
): Promise<void> => {
  const { leases } = await environment.record();
  const gone = leases.filter((lease) => !planned.some((resource) => belongsTo(lease, resource)));
  await Promise.all(gone.map((lease) => shutOut(environment, lease, servers.find(({ name }) => name === lease.server)?.server)));
};

/** What to tell a person whose setting got its first lease on a server while its data stays on another one, as after a change of version. */
export const movedNotes = (
  { leases, remote }: EnvironmentState,
  made: ReadonlyArray<Pick<LocalLeaseRequest, "id" | "formerly" | "setting" | "kind" | "server">>,
): string[] =>
  made.flatMap((resource) => {
    const known = [...leases, ...remote].filter((lease) => isOf(lease, resource));
    if (known.length === 0 || known.some((lease) => belongsTo(lease, resource))) return [];
    const servers = [...new Set(known.map(({ server }) => server))].join(" and ");
    const copy = resource.kind === "postgres" ? " with pg_dump" : "";
    return [
      `the data of ${resource.setting} stays on ${servers}; ${resource.server} starts empty. ` +
        `Ask for the former version or server again to get it back, or copy it${copy}`,
    ];
  });

/** In the place of the one before, so that a record that says the same is the same. */
const changeLease = ({ change }: LocalEnvironment, lease: LeaseState): Promise<void> =>
  change((record) => {
    const known = record.leases.some((other) => isSame(other, lease));
    const leases = known ? record.leases.map((other) => (isSame(other, lease) ? lease : other)) : [...record.leases, lease];
    return { ...record, leases };
  });

const isSame = (one: LeaseState, other: LeaseState): boolean => one.server === other.server && one.name === other.name;

const belongsTo = (lease: Pick<LeaseState, "id" | "server">, resource: Pick<LocalLeaseRequest, "id" | "formerly" | "server">): boolean =>
  lease.server === resource.server && isOf(lease, resource);

const isOf = (lease: Pick<LeaseState, "id">, { id, formerly }: Pick<LocalLeaseRequest, "id" | "formerly">): boolean =>
  [id, ...formerly].includes(lease.id);
