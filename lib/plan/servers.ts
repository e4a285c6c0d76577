import type { Definition } from "../definition";
import type { Problem } from "../errors";
import { leaseName, serverName } from "../names";

/** A server that settings live on. */
export interface PlannedServer {
  /** Unique in the environment, made from the kind and the id: `postgres`, `postgres-main`. */
  readonly name: string;
  /** Unique among the servers of its kind; names the server for good: `main`. */
  readonly id: string;
  /** Names that it had under its former ids. */
  readonly formerly: readonly string[];
  /** Name of the kind whose settings live on it: `postgres`. */
  readonly kind: string;
  /** As its settings ask for it; absent when any will do. */
  readonly version?: string;
  /** Ids of the settings that live on it. */
  readonly settings: readonly string[];
}

/** The server that a setting asks for. */
export interface RequestedServer extends Omit<PlannedServer, "settings"> {
  /** Whether other settings can live on it as well. */
  readonly shared: boolean;
  /** Id of the setting. */
  readonly setting: string;
}

export const requestedServer = ({ kind, id, formerly }: Definition): RequestedServer => {
  const { id: given, formerly: before, version, shared = true } = kind.server ?? {};
  const serverId = given ?? (shared ? kind.name : leaseName(id));
  const formerIds = given === undefined ? (shared ? [] : formerly.map(leaseName)) : (before ?? []);
  const nameFor = (one: string) => serverName(kind.name, one === kind.name ? "" : one);
  return {
    name: nameFor(serverId),
    id: serverId,
    formerly: formerIds.map(nameFor),
    kind: kind.name,
    ...(version !== undefined && { version }),
    shared,
    setting: id,
  };
};

/** Each server once, with all its settings, and what is wrong with what they ask for. */
export const planServers = (
  requested: readonly RequestedServer[],
): { readonly servers: readonly PlannedServer[]; readonly problems: readonly Problem[] } => {
  const byName = new Map<string, RequestedServer[]>();
  for (const request of requested) byName.set(request.name, [...(byName.get(request.name) ?? []), request]);
  const servers = [...byName.values()].map(merged);
  return { servers, problems: [...[...byName.values()].flatMap(sharingProblems), ...nameProblems(servers)] };
};

const merged = (requests: readonly RequestedServer[]): PlannedServer => {
  const [{ name, id, kind }] = requests as [RequestedServer];
  const version = requests.find((request) => request.version !== undefined)?.version;
  return {
    name,
    id,
    formerly: [...new Set(requests.flatMap(({ formerly }) => formerly))],
    kind,
    ...(version !== undefined && { version }),
    settings: requests.map(({ setting }) => setting),
  };
};

const sharingProblems = (requests: readonly RequestedServer[]): readonly Problem[] => {
  const [first, ...others] = requests as [RequestedServer, ...RequestedServer[]];
  const versioned = requests.find(({ version }) => version !== undefined);
  return others.flatMap(({ kind, id, setting, version, shared }): readonly Problem[] => {
    if (!shared)
      return [
        {
          code: "SERVER_NOT_SHARED",
          path: setting,
          message: `"${first.setting}" and "${setting}" name the same ${kind} server, "${id}", which cannot keep their data apart`,
          fix: `give "${setting}" a server of its own: leave out \`server\`, or name another id`,
        },
      ];
    if (version === undefined || version === versioned?.version) return [];
    return [
      {
        code: "SERVER_VERSIONS",
        path: setting,
        message: `"${versioned?.setting}" asks for version ${versioned?.version} of the ${kind} server "${id}", and "${setting}" for version ${version}`,
        fix: `ask for one version, or give one of them a server of its own: server: "${kind}-${version}"`,
      },
    ];
  });
};

/** A former name belongs to one server: two would both take over its data. */
const nameProblems = (servers: readonly PlannedServer[]): readonly Problem[] => {
  const owners = new Map<string, PlannedServer>();
  return servers.flatMap((server) =>
    [server.name, ...server.formerly].flatMap((name) => {
      const owner = owners.get(name) ?? server;
      owners.set(name, owner);
      if (owner === server) return [];
      return [
        {
          code: "SERVER_ID_TWICE",
          path: server.settings[0] ?? "",
          message: `the ${server.kind} servers "${owner.id}" and "${server.id}" both have the name "${name}", now or formerly`,
          fix: "an id names one server for good: take it out of `formerly`, or choose another",
        },
      ];
    }),
  );
};
