import type { Problem } from "../errors";
import { hashedLeaseName, hashedServerName } from "../names";
import type { PlannedResource, PlannedServer } from "../plan";
import { type EnvironmentState, type LeaseState, leasesIn, serverIn, withServer } from "./state";

/** Identifies a server across runs. */
export interface ServerIdentity extends Pick<PlannedServer, "name" | "kind" | "formerly"> {
  /** Its known local name, in case the state has lost it. */
  readonly localName?: string | undefined;
}

/**
 * Returns the name of a server's folder and service. Keeps the current one. A new server gets its name in the plan, unless another server's data
 * already uses that name.
 */
export const localNameOf = ({ name, kind, formerly, localName }: ServerIdentity, { servers }: EnvironmentState): string => {
  const recorded = Object.entries(servers).filter(([, server]) => server.kind === kind);
  const found = [name, ...formerly].flatMap((known) => recorded.find(([, server]) => server.name === known)?.[0] ?? [])[0];
  if (found !== undefined) return found;
  const proposed = [localName ?? name, name, hashedServerName(name, name)];
  return firstFree(
    proposed,
    (one) => !Object.hasOwn(servers, one),
    (attempt) => hashedServerName(name, `${name} ${attempt}`),
  );
};

/** A setting's lease request. */
export interface LocalLeaseRequest extends Pick<PlannedResource, "id" | "formerly" | "setting" | "kind" | "name" | "options"> {
  /** Its known login, in case the state has lost it. */
  readonly login?: string | undefined;
}

/** The server and data of a lease. */
export interface LeasePlace {
  readonly localName: string;
  /** Version of the server's data, if it keeps data per version. */
  readonly data?: string | undefined;
}

/** A lease's name, the state that includes it, and messages for the user. */
export interface Assigned {
  readonly name: string;
  readonly state: EnvironmentState;
  readonly notes: readonly string[];
}

/**
 * Assigns a setting its lease on a server: its existing one, also under a former id, or a new one with a unique name. A name stays taken as long as
 * its data exists, even if no setting uses it.
 *
 * @param copyHint how to copy data to another server, for a setting that starts empty although it has data elsewhere
 */
export const assignLease = (state: EnvironmentState, place: LeasePlace, request: LocalLeaseRequest, copyHint?: string): Assigned => {
  const { localName, data } = place;
  const server = serverIn(state, localName);
  if (server === undefined) throw new Error(`${localName} is not in the state`);
  const holder = holderOf(state, localName, request);
  // Data of other versions also belongs to the setting.
  const leases = server.leases.map((lease) => (lease.id === holder ? { ...lease, id: request.id } : lease));
  const own = leases.filter(({ id }) => id === request.id);
  const found = own.find((lease) => lease.data === data);
  const name = leaseNameIn(state, localName, request);
  const lease: LeaseState = { id: request.id, name, ...(data !== undefined && { data }), disabled: false, open: false };
  const changed = found ? leases.map((each) => (each === found ? lease : each)) : [...leases, lease];
  const notes = [
    ...(found ? [] : emptyNotes(state, place, request, copyHint)),
    ...(holder === request.id ? leftNotes(state, request) : []),
  ];
  return { name, state: withServer(state, localName, { ...server, leases: changed }), notes };
};

/** Returns the id of a setting's lease on a server: its current id first, then its former ones. */
export const holderOf = (state: EnvironmentState, localName: string, { id, formerly }: Pick<LocalLeaseRequest, "id" | "formerly">) =>
  [id, ...formerly].find((known) => serverIn(state, localName)?.leases.some((lease) => lease.id === known));

/** Returns the name of a setting's lease on a server, the same in every version's data. */
export const leaseNameIn = (state: EnvironmentState, localName: string, request: LocalLeaseRequest): string => {
  const leases = serverIn(state, localName)?.leases ?? [];
  const holder = holderOf(state, localName, request);
  return (
    leases.find(({ id }) => id === holder)?.name ??
    freeLeaseName(
      request,
      leases.map(({ name }) => name),
    )
  );
};

/** Returns a unique name for a setting's login and data that cannot clash with a derived name either. */
export const freeLeaseName = ({ id, login, name }: Pick<LocalLeaseRequest, "id" | "login" | "name">, held: readonly string[]): string =>
  firstFree(
    [login ?? name, name, hashedLeaseName(name, id)],
    (one) => !held.includes(one) && !one.endsWith("_owner"),
    (attempt) => hashedLeaseName(name, `${id} ${attempt}`),
  );

/**
 * Reports settings whose data is not on the requested server, where they would start empty or with outdated data.
 *
 * @param moves ids of settings that the user means to move
 */
export const movedProblems = (
  state: EnvironmentState,
  requests: readonly (LocalLeaseRequest & { readonly localName: string; readonly server: Pick<PlannedServer, "id" | "name"> })[],
  moves: readonly string[],
): readonly Problem[] =>
  requests.flatMap((request) => {
    const { id, setting, kind, localName, server } = request;
    const [from] = moves.includes(id) ? [] : movedFrom(state, localName, request);
    if (from === undefined) return [];
    const before = serverIn(state, from);
    if (before !== undefined && before.kind !== kind)
      return [
        {
          code: "SERVER_MOVED",
          path: setting,
          message: `${setting} has the data of a ${before.kind} on the server ${before.name}, but is now declared as a ${kind}: nothing was changed`,
          fix:
            `undo the change, or give the new setting an id of its own: { id: "${id}2" }; ` +
            `to leave the data there, run \`endow dev --move ${id}\``,
        },
      ];
    return [
      {
        code: "SERVER_MOVED",
        path: setting,
        message: `the data of ${setting} is on the server ${before?.name}, but the declaration requests ${server.name}: nothing was changed`,
        fix:
          `if it is the same server under a new id, declare server: { id: "${server.id}", formerly: ["${before?.id ?? before?.name}"] }; ` +
          `to move the setting and leave its data there, run \`endow dev --move ${id}\``,
      },
    ];
  });

/** Returns the servers that hold a setting's data if another one is requested. */
const movedFrom = (state: EnvironmentState, localName: string, request: LocalLeaseRequest): readonly string[] => {
  const holder = holderOf(state, localName, request);
  const elsewhere = leasesIn(state).filter(({ server }) => server !== localName);
  if (holder === undefined) return elsewhere.filter(({ id }) => [request.id, ...request.formerly].includes(id)).map(({ server }) => server);
  if (serverIn(state, localName)?.leases.some(({ id, disabled }) => id === holder && !disabled)) return [];
  return elsewhere.filter(({ id, disabled }) => id === request.id && !disabled).map(({ server }) => server);
};

/** Messages for a setting that starts empty although data exists for it or under its name. */
const emptyNotes = (
  state: EnvironmentState,
  { localName, data }: LeasePlace,
  { id, formerly, setting, name }: LocalLeaseRequest,
  copyHint = "by hand",
): readonly string[] => {
  const isOwn = (lease: { readonly id: string }) => [id, ...formerly].includes(lease.id);
  const server = serverIn(state, localName);
  const here = server?.name ?? localName;
  const versions = server?.leases.filter(isOwn).map((lease) => lease.data) ?? [];
  if (versions.length > 0) {
    const before = versions.join(" and ");
    return [
      `the data of ${setting} stays with version ${before} of ${here}; version ${data} starts empty. ` +
        `Request version ${before} again to get it back, or copy it ${copyHint}`,
    ];
  }
  const elsewhere = elsewhereNotes(state, { id, formerly, setting }, here, copyHint);
  if (elsewhere.length > 0) return elsewhere;
  const other = [server, serverIn(state, here)].flatMap((each) => each?.leases ?? []).find((lease) => lease.name === name && !isOwn(lease));
  if (other === undefined) return [];
  return [
    `${setting} starts empty: ${name} on ${here} is the data of "${other.id}", which was renamed. ` +
      `If they are the same setting, declare formerly: ["${other.id}"]`,
  ];
};

/** Messages for a setting that starts empty on a server and has data on others. */
export const elsewhereNotes = (
  state: EnvironmentState,
  { id, formerly, setting }: Pick<LocalLeaseRequest, "id" | "formerly" | "setting">,
  here: string,
  copyHint = "by hand",
): readonly string[] => {
  const own = leasesIn(state).map((lease) => ({ ...lease, server: serverIn(state, lease.server)?.name ?? lease.server }));
  const found = [...own, ...Object.values(state.remote)].filter((lease) => [id, ...formerly].includes(lease.id) && lease.server !== here);
  if (found.length === 0) return [];
  return [
    `the data of ${setting} stays on ${[...new Set(found.map(({ server }) => server))].join(" and ")}; ${here} starts empty. ` +
      `Request the former server again to get it back, or copy it ${copyHint}`,
  ];
};

/** Messages for a setting with data under its own id whose former id also has data that was in use until now. */
const leftNotes = (state: EnvironmentState, { formerly, setting }: LocalLeaseRequest): readonly string[] =>
  leasesIn(state)
    .filter(({ id, disabled }) => formerly.includes(id) && !disabled)
    .map(({ id }) => `${setting} keeps its own data: the data of "${id}" is left untouched`);

const firstFree = (proposed: readonly string[], isFree: (name: string) => boolean, next: (attempt: number) => string): string => {
  const found = proposed.find(isFree);
  if (found !== undefined) return found;
  for (let attempt = 2; ; attempt += 1) if (isFree(next(attempt))) return next(attempt);
};
