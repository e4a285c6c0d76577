import { assignLease, holderOf, type LocalLeaseRequest } from "./assign";
import { fewAtOnce } from "./concurrency";
import type { LocalEnvironment } from "./environment";
import type { ReachableServer } from "./recipe";
import type { RunningServer } from "./server";
import { type EnvironmentState, type LeaseState, leasesIn, type PlacedLease, serverIn, withServer } from "./state";

/** What a setting has got on a server. */
export interface LocalLease {
  readonly request: LocalLeaseRequest;
  /** Name of the database, user or bucket. */
  readonly login: string;
  /** The kind's fields, secrets among them. */
  readonly fields: object;
}

/**
 * Makes a lease, or finds it so. It is recorded before anything is made, so that no other setting ever gets the name of what is there.
 * A setting that was renamed or moved keeps what it had under its former id.
 *
 * @param tell called with what a person should know: sentences without a secret
 */
export const makeLease = async (
  environment: LocalEnvironment,
  { localName, server }: RunningServer,
  request: LocalLeaseRequest,
  tell: (note: string) => void,
): Promise<LocalLease> => {
  const recipe = environment.recipeOf(request.kind);
  let login = request.name;
  await environment.change((before) => {
    const { name, notes, state } = assignLease(before, { localName, data: server.data }, request, recipe.copyHint);
    login = name;
    notes.forEach(tell);
    return state;
  });
  const fields = await fewAtOnce(
    server.folder,
    () => recipe.lease(server, { id: request.id, name: login, options: request.options }),
    server.signal,
  );
  return { request, login, fields };
};

/**
 * Shuts the login out of a lease that no setting has any more; its data stays. Where the server does not run on that data, it is done when it
 * next does.
 *
 * @param server where it runs; absent when it does not
 */
export const shutOut = async (environment: LocalEnvironment, lease: PlacedLease, server: ReachableServer | undefined): Promise<void> => {
  const open = lease.open || !lease.disabled;
  const isReached = server !== undefined && server.data === lease.data;
  if (isReached && open) await fewAtOnce(server.folder, () => environment.recipeOf(lease.kind).disable(server, lease.name), server.signal);
  await environment.change((state) => withLease(state, lease, { disabled: true, open: open && !isReached }));
};

/** Shuts out what had to be while its server did not run. */
export const shutOutLate = async (environment: LocalEnvironment, { localName, server }: RunningServer): Promise<void> => {
  const late = leasesIn(await environment.state()).filter(
    (lease) => lease.server === localName && lease.open && lease.data === server.data,
  );
  await Promise.all(late.map((lease) => shutOut(environment, lease, server)));
};

/** Removes a lease with its data. */
export const dropLease = async (environment: LocalEnvironment, lease: PlacedLease, server: ReachableServer): Promise<void> => {
  await fewAtOnce(server.folder, () => environment.recipeOf(lease.kind).drop(server, lease.name), server.signal);
  await environment.change((state) => withLease(state, lease, undefined));
};

/** Shuts out the leases of settings that are not planned any more. */
export const settleLeases = async (
  environment: LocalEnvironment,
  planned: readonly (Pick<LocalLeaseRequest, "id" | "formerly"> & { readonly localName: string })[],
  servers: readonly RunningServer[],
): Promise<void> => {
  const state = await environment.state();
  const holders = new Set(planned.map((request) => `${request.localName} ${holderOf(state, request.localName, request)}`));
  const gone = leasesIn(state).filter(({ server, id }) => !holders.has(`${server} ${id}`));
  await Promise.all(gone.map((lease) => shutOut(environment, lease, servers.find(({ localName }) => localName === lease.server)?.server)));
};

/** The state with what has changed of a lease; `undefined` takes the lease out. */
const withLease = (state: EnvironmentState, lease: PlacedLease, change: Partial<LeaseState> | undefined): EnvironmentState => {
  const server = serverIn(state, lease.server);
  if (server === undefined) return state;
  const leases = server.leases.flatMap((each) => {
    if (each.name !== lease.name || each.data !== lease.data) return [each];
    return change === undefined ? [] : [{ ...each, ...change }];
  });
  return withServer(state, lease.server, { ...server, leases });
};
