import { assignLease, holderOf, type LocalLeaseRequest } from "./assign";
import { allEnded, fewAtOnce } from "./concurrency";
import type { LocalEnvironment } from "./environment";
import type { ReachableServer } from "./recipe";
import type { RunningServer } from "./server";
import { type EnvironmentState, type LeaseState, leasesIn, type PlacedLease, serverIn, withServer } from "./state";

/** A setting's lease on a server. */
export interface LocalLease {
  readonly request: LocalLeaseRequest;
  /** Name of the database, user or bucket. */
  readonly login: string;
  /** The kind's fields, including secrets. */
  readonly fields: object;
}

/**
 * Makes a lease, or reuses the existing one. Records it before creating anything, so that no other setting ever gets the name of existing data.
 * A setting that was renamed or moved keeps the lease of its former id.
 *
 * @param tell called with messages for the user, which contain no secrets
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
    () => recipe.lease(server, { id: request.id, name: login, options: request.options, tell }),
    server.signal,
  );
  return { request, login, fields };
};

/**
 * Disables the login of a lease that no setting uses any more; keeps its data. If the server is not running on that data, the login is disabled
 * the next time it is.
 *
 * @param server the running server; absent if it is not running
 */
export const shutOut = async (environment: LocalEnvironment, lease: PlacedLease, server: ReachableServer | undefined): Promise<void> => {
  const open = lease.open || !lease.disabled;
  const isReached = server !== undefined && server.data === lease.data;
  if (isReached && open) await fewAtOnce(server.folder, () => environment.recipeOf(lease.kind).disable(server, lease.name), server.signal);
  await environment.change((state) => withLease(state, lease, { disabled: true, open: open && !isReached }));
};

/** Disables the logins that were due while the server was not running. */
export const shutOutLate = async (environment: LocalEnvironment, { localName, server }: RunningServer): Promise<void> => {
  const late = leasesIn(await environment.state()).filter(
    (lease) => lease.server === localName && lease.open && lease.data === server.data,
  );
  await allEnded(late.map((lease) => shutOut(environment, lease, server)));
};

/** Deletes a lease and its data. */
export const dropLease = async (environment: LocalEnvironment, lease: PlacedLease, server: ReachableServer): Promise<void> => {
  await fewAtOnce(server.folder, () => environment.recipeOf(lease.kind).drop(server, lease.name), server.signal);
  await environment.change((state) => withLease(state, lease, undefined));
};

/**
 * Disables the leases of settings that are no longer planned, unless others use them.
 *
 * @param reach returns a running server
 */
export const settleLeases = async (
  environment: LocalEnvironment,
  planned: readonly (Pick<LocalLeaseRequest, "id" | "formerly"> & { readonly localName: string })[],
  reach: (localName: string) => Promise<ReachableServer | undefined>,
  isOthers: (id: string) => boolean,
): Promise<void> => {
  const state = await environment.state();
  const holders = new Set(planned.map((request) => `${request.localName} ${holderOf(state, request.localName, request)}`));
  const gone = leasesIn(state).filter(({ server, id }) => !holders.has(`${server} ${id}`) && !isOthers(id));
  await allEnded(gone.map(async (lease) => shutOut(environment, lease, await reach(lease.server))));
};

/** Returns the state with a changed lease; `undefined` removes the lease. */
const withLease = (state: EnvironmentState, lease: PlacedLease, change: Partial<LeaseState> | undefined): EnvironmentState => {
  const server = serverIn(state, lease.server);
  if (server === undefined) return state;
  const leases = server.leases.flatMap((each) => {
    if (each.name !== lease.name || each.data !== lease.data) return [each];
    return change === undefined ? [] : [{ ...each, ...change }];
  });
  return withServer(state, lease.server, { ...server, leases });
};
