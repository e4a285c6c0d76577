import type { Problem } from "../errors";
import { hashedLeaseName, hashedServerName } from "../names";
import type { PlannedResource, PlannedServer } from "../plan";
import { type EnvironmentState, type LeaseState, leasesIn, serverIn, withServer } from "./state";

/** What tells a server from others, from one run to the next. */
export interface ServerIdentity extends Pick<PlannedServer, "name" | "kind" | "formerly"> {
  /** The local name that it is known to have, where the state has lost it. */
  readonly localName?: string | undefined;
}

/**
 * The name of a server's folder and service. The one in use is kept: the plan's name is only proposed, and another one is taken where the data of
 * another server is there.
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

/** What a setting asks for on a server. */
export interface LocalLeaseRequest extends Pick<PlannedResource, "id" | "formerly" | "setting" | "kind" | "name" | "options"> {
  /** The login that it is known to have, where the state has lost it. */
  readonly login?: string | undefined;
}

/** Where a lease is made. */
export interface LeasePlace {
  readonly localName: string;
  /** The version whose data the server runs on, where it keeps data by version. */
  readonly data?: string | undefined;
}

/** What a lease is to be called, the state with it, and what a person should know. */
export interface Assigned {
  readonly name: string;
  readonly state: EnvironmentState;
  readonly notes: readonly string[];
}

/**
 * Gives a setting its lease on a server: the one that it has there, also under a former id, or a new one under a name that no other has. A name is
 * held for as long as its data is there, whether a setting uses it or not.
 *
 * @param copyHint how data is copied to another place, for a setting that starts empty although it has data elsewhere
 */
export const assignLease = (state: EnvironmentState, place: LeasePlace, request: LocalLeaseRequest, copyHint?: string): Assigned => {
  const { localName, data } = place;
  const server = serverIn(state, localName);
  if (server === undefined) throw new Error(`${localName} is not in the state`);
  const holder = holderOf(state, localName, request);
  // Data of other versions belongs to the same setting.
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

/** The id under which a setting has a lease on a server: its own first, then those that it had. */
export const holderOf = (state: EnvironmentState, localName: string, { id, formerly }: Pick<LocalLeaseRequest, "id" | "formerly">) =>
  [id, ...formerly].find((known) => serverIn(state, localName)?.leases.some((lease) => lease.id === known));

/** The name of a setting's lease on a server, where it is the same in the data of every version. */
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

/** A name for a setting's login and its data that no other has, nor anything made from it. */
export const freeLeaseName = ({ id, login, name }: Pick<LocalLeaseRequest, "id" | "login" | "name">, held: readonly string[]): string =>
  firstFree(
    [login ?? name, name, hashedLeaseName(name, id)],
    (one) => !held.includes(one) && !one.endsWith("_owner"),
    (attempt) => hashedLeaseName(name, `${id} ${attempt}`),
  );

/**
 * Settings whose data is on another server than the one asked for, where they would start empty or find what was there long ago.
 *
 * @param moves ids of settings for which that is meant
 */
export const movedProblems = (
  state: EnvironmentState,
  requests: readonly (LocalLeaseRequest & { readonly localName: string; readonly server: Pick<PlannedServer, "id" | "name"> })[],
  moves: readonly string[],
): readonly Problem[] =>
  requests.flatMap((request) => {
    const { id, setting, localName, server } = request;
    const [from] = moves.includes(id) ? [] : movedFrom(state, localName, request);
    if (from === undefined) return [];
    const before = serverIn(state, from);
    return [
      {
        code: "SERVER_MOVED",
        path: setting,
        message: `the data of ${setting} is on the server ${before?.name}, and the declaration asks for ${server.name}: nothing was changed`,
        fix:
          `if it is the same server under another id, say so: server: { id: "${server.id}", formerly: ["${before?.id ?? before?.name}"] }; ` +
          `if the setting is to leave its data there, run \`endow dev --move ${id}\``,
      },
    ];
  });

/** The servers that a setting's data is on, where another one is asked for. */
const movedFrom = (state: EnvironmentState, localName: string, request: LocalLeaseRequest): readonly string[] => {
  const holder = holderOf(state, localName, request);
  const elsewhere = leasesIn(state).filter(({ server }) => server !== localName);
  if (holder === undefined) return elsewhere.filter(({ id }) => [request.id, ...request.formerly].includes(id)).map(({ server }) => server);
  if (serverIn(state, localName)?.leases.some(({ id, disabled }) => id === holder && !disabled)) return [];
  return elsewhere.filter(({ id, disabled }) => id === request.id && !disabled).map(({ server }) => server);
};

/** What to tell a person whose setting starts empty although there is data of it, or under its name. */
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
        `Ask for version ${before} again to get it back, or copy it ${copyHint}`,
    ];
  }
  const elsewhere = elsewhereNotes(state, { id, formerly, setting }, here, copyHint);
  if (elsewhere.length > 0) return elsewhere;
  const other = [server, serverIn(state, here)].flatMap((each) => each?.leases ?? []).find((lease) => lease.name === name && !isOwn(lease));
  if (other === undefined) return [];
  return [
    `${setting} starts empty: what is called ${name} on ${here} is the data of "${other.id}", which was renamed. ` +
      `If they are one setting, say so: formerly: ["${other.id}"]`,
  ];
};

/** What to tell a person whose setting starts empty on a server and has data on others. */
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
      `Ask for the former server again to get it back, or copy it ${copyHint}`,
  ];
};

/** What to tell a person whose setting has data under its own id, while a former id has data as well that was in use until now. */
const leftNotes = (state: EnvironmentState, { formerly, setting }: LocalLeaseRequest): readonly string[] =>
  leasesIn(state)
    .filter(({ id, disabled }) => formerly.includes(id) && !disabled)
    .map(({ id }) => `${setting} has data of its own, and keeps it: the data of "${id}" stays where it is`);

const firstFree = (proposed: readonly string[], isFree: (name: string) => boolean, next: (attempt: number) => string): string => {
  const found = proposed.find(isFree);
  if (found !== undefined) return found;
  for (let attempt = 2; ; attempt += 1) if (isFree(next(attempt))) return next(attempt);
};
