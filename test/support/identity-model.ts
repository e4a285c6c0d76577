import type { Plan, PlannedResource, PlannedServer } from "../../lib/plan";

/** What one setting has on a server, by the words of the design alone: it belongs to an id, whatever it is called. */
interface ModelLease<Access> {
  id: string;
  live: boolean;
  /** Whether its data was ever there. */
  made: boolean;
  /** What was kept, by the version of the data. */
  readonly texts: Map<string, string[]>;
  /** What an app had of it when it last was in use, by the version of the data. */
  readonly access: Map<string, Access>;
}

interface ModelServer<Access> {
  readonly kind: string;
  name: string;
  version: string;
  readonly leases: ModelLease<Access>[];
}

/** What a run is to come to. */
export interface Expected<Access> {
  /** Ids of settings for which the run is refused; then nothing changes. */
  readonly moved: readonly string[];
  /** Servers, as planned, that hold another setting's data and cannot keep two apart. */
  readonly taken: readonly string[];
  /** What each setting has that was leased, by its id. */
  readonly leases: ReadonlyMap<string, ExpectedLease<Access>>;
}

export interface ExpectedLease<Access> {
  readonly texts: string[];
  readonly remember: (access: Access) => void;
}

/** Which data each setting has: knows ids and servers, and nothing of names, folders and files. */
export interface IdentityModel<Access> {
  readonly bring: (
    plan: Plan,
    options: { readonly moves: readonly string[]; readonly unavailable: ReadonlySet<string> },
  ) => Expected<Access>;
  /** Deletes what a setting that is gone from a server has there, in the data that it runs on. */
  readonly drop: (id: string, server: Pick<PlannedServer, "kind" | "name" | "formerly">) => void;
  /** What gave access to data that no setting has now, on a server that runs on it. */
  readonly shutOut: () => readonly Access[];
}

export const identityModel = <Access>(): IdentityModel<Access> => {
  const servers: ModelServer<Access>[] = [];
  /** Servers that run on the data of their version. */
  let running: readonly ModelServer<Access>[] = [];

  const serverFor = ({ kind, name, formerly }: Pick<PlannedServer, "kind" | "name" | "formerly">): ModelServer<Access> | undefined =>
    [name, ...formerly].flatMap((known) => servers.find((server) => server.kind === kind && server.name === known) ?? [])[0];

  const leaseFor = ({ id, formerly }: PlannedResource, server: ModelServer<Access> | undefined): ModelLease<Access> | undefined =>
    [id, ...formerly].flatMap((known) => server?.leases.find((lease) => lease.id === known) ?? [])[0];

  const isMoved = (resource: PlannedResource, server: ModelServer<Access> | undefined): boolean => {
    const others = servers.filter((each) => each !== server).flatMap(({ leases }) => leases);
    const own = leaseFor(resource, server);
    if (own === undefined) return others.some(({ id }) => [resource.id, ...resource.formerly].includes(id));
    return !own.live && others.some(({ id, live }) => live && id === resource.id);
  };

  return {
    bring: ({ servers: planned, resources }, { moves, unavailable }) => {
      const found = new Map(planned.map((server) => [server.name, serverFor(server)]));
      const moved = resources.filter((resource) => !moves.includes(resource.id) && isMoved(resource, found.get(resource.server)));
      if (moved.length > 0) return { moved: moved.map(({ id }) => id), taken: [], leases: new Map() };

      running = planned.filter(({ kind }) => !unavailable.has(kind)).map((server) => register(servers, server, found.get(server.name)));
      const kept = resources.map((resource): ModelLease<Access> | undefined => {
        const server = running.find(({ name, kind }) => name === resource.server && kind === resource.kind);
        return server ? take(server, resource, leaseFor(resource, server)) : leaseFor(resource, found.get(resource.server));
      });
      for (const { leases } of servers) for (const lease of leases) if (!kept.includes(lease)) lease.live = false;
      const leased = resources.flatMap((resource, index) => {
        const server = running.find(({ name, kind }) => name === resource.server && kind === resource.kind);
        const lease = kept[index];
        return server && lease ? [[resource.id, expectedOf(lease, server.version)] as const] : [];
      });
      const taken = running.filter((server) => server.kind === "redis" && isTaken(server)).map(({ name }) => name);
      for (const { name, leases } of running)
        if (!taken.includes(name)) for (const lease of leases.filter(({ live }) => live)) lease.made = true;
      return { moved: [], taken, leases: new Map(leased) };
    },
    drop: (id, named) => {
      const server = serverFor(named);
      if (server === undefined) return;
      const { leases, version } = server;
      for (const lease of leases.filter((each) => each.id === id && !each.live)) {
        lease.texts.delete(version);
        lease.access.delete(version);
        if (lease.texts.size === 0) leases.splice(leases.indexOf(lease), 1);
      }
    },
    shutOut: () =>
      running.flatMap(({ leases, version }) =>
        leases
          .filter(({ live }) => !live)
          .map(({ access }) => access.get(version))
          .filter((access) => access !== undefined),
      ),
  };
};

const register = <Access>(
  servers: ModelServer<Access>[],
  { kind, name, version = "" }: PlannedServer,
  known: ModelServer<Access> | undefined,
): ModelServer<Access> => {
  const server: ModelServer<Access> = known ?? { kind, name, version, leases: [] };
  if (known === undefined) servers.push(server);
  server.name = name;
  // Another version of Redis or of the bucket's server works on the same data.
  server.version = kind === "postgres" ? version : "";
  return server;
};

/** Whether a server that cannot keep two settings apart holds the data of another than the one that it is for now. */
const isTaken = <Access>({ leases }: ModelServer<Access>): boolean => leases.some(({ live, made }) => made && !live);

const take = <Access>(server: ModelServer<Access>, { id }: PlannedResource, known: ModelLease<Access> | undefined): ModelLease<Access> => {
  const lease: ModelLease<Access> = known ?? { id, live: true, made: false, texts: new Map(), access: new Map() };
  if (known === undefined) server.leases.push(lease);
  lease.id = id;
  lease.live = true;
  return lease;
};

const expectedOf = <Access>({ texts, access }: ModelLease<Access>, version: string): ExpectedLease<Access> => {
  const own = texts.get(version) ?? [];
  texts.set(version, own);
  return { texts: own, remember: (now) => void access.set(version, now) };
};
