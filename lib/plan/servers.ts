import type { Definition } from "../definition";
import type { Problem } from "../errors";
import { leaseName, serverName } from "../names";

/** A server for settings. */
export interface PlannedServer {
  /** Unique in the environment, derived from the kind and the id: `postgres`, `postgres-main`. */
  readonly name: string;
  /** Unique among the servers of its kind; identifies the server permanently: `main`. */
  readonly id: string;
  /** Its names under former ids. */
  readonly formerly: readonly string[];
  /** Name of the kind whose settings live on it: `postgres`. */
  readonly kind: string;
  /** The version that its settings request; absent if any version is acceptable. */
  readonly version?: string;
  /** Ids of its settings. */
  readonly settings: readonly string[];
}

/** The server that a setting requests. */
export interface RequestedServer extends Omit<PlannedServer, "settings"> {
  /** Whether other settings can use it too. */
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

/** Merges requests for the same server, and reports conflicts between them. */
export const planServers = (
  requested: readonly RequestedServer[],
): { readonly servers: readonly PlannedServer[]; readonly problems: readonly Problem[] } => {
  // Two ids may give one name: `a-b` and `a_b`.
  const byId = new Map<string, RequestedServer[]>();
  for (const request of requested) {
    const key = `${request.name} ${request.id}`;
    byId.set(key, [...(byId.get(key) ?? []), request]);
  }
  const servers = [...byId.values()].map(merged);
  return { servers, problems: [...[...byId.values()].flatMap(sharingProblems), ...nameProblems(servers)] };
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
          message: `"${first.setting}" and "${setting}" use the same ${kind} server, "${id}", which cannot isolate their data`,
          fix: `give "${setting}" its own server: omit \`server\`, or use another id`,
        },
      ];
    if (version === undefined || version === versioned?.version) return [];
    return [
      {
        code: "SERVER_VERSIONS",
        path: setting,
        message: `"${versioned?.setting}" requests version ${versioned?.version} of the ${kind} server "${id}", "${setting}" version ${version}`,
        fix: `request the same version, or give one of them its own server: server: "${kind}-${version}"`,
      },
    ];
  });
};

/** A former name belongs to one server: otherwise two servers would take over its data. */
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
          fix: "remove it from `formerly`, or choose another id: an id permanently identifies one server",
        },
      ];
    }),
  );
};
