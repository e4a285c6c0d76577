import { z } from "zod/v4";
import { ownValue } from "../internal/own-value";

/** Version of the file format; raised when older files no longer satisfy the schema. */
export const FORMAT = 2;

/** Name of a server's folder. */
const localName = z.string().regex(/^[a-z][a-z0-9-]{0,40}$/);

/** Folder name of a login on an existing server. */
const remoteName = z.string().regex(/^[a-z][a-z0-9_]{0,62}-[0-9a-f]{8}$/);

const loginName = z.string().regex(/^[a-z][a-z0-9_]{0,62}$/);

const lease = z.object({
  /** The setting's id. */
  id: z.string(),
  /** Name of its login and of the login's data: in use as long as the data exists, whatever the setting is called. */
  name: loginName,
  /** Version of the data it belongs to, if the server keeps data per version. */
  data: z.string().optional(),
  /** The declaration no longer has the setting: its login is disabled, its data kept. */
  disabled: z.boolean(),
  /** The lease is disabled, but its login is not yet, because the server was not running. */
  open: z.boolean(),
});

const server = z.object({
  kind: z.string(),
  /** Id of the server in the declaration, if known. */
  id: z.string().optional(),
  /** Current name in the plan. */
  name: z.string(),
  /** Version last requested. */
  version: z.string().optional(),
  /** Version of the data it last used, if it keeps data per version. */
  data: z.string().optional(),
  port: z.number().int().min(1).max(65_535).optional(),
  leases: z.array(lease),
});

const remoteLease = z.object({
  /** The setting's id. */
  id: z.string(),
  /** `db.internal:5432` */
  server: z.string(),
  name: loginName,
});

/** Fields of every file that identify its environment. */
const common = {
  version: z.literal(FORMAT),
  /** Counts the environment's changes: if two files disagree, the one with the higher number is right. */
  revision: z.number().int().min(0),
  project: z.string(),
  /** Folder of the declaration. */
  root: z.string(),
  environment: z.string(),
};

export const environmentSchema = z.object({
  ...common,
  /** By local name, the name of the server's folder: the server's first name, unless another server's data was there. */
  servers: z.record(localName, server),
  /** Leases on existing servers, including disabled ones, by folder name. */
  remote: z.record(remoteName, remoteLease),
  /** Identifies this environment on existing servers; unique. */
  owner: z.string().optional(),
});

/** A note stored beside a server's data, from which the environment's own file can be rebuilt. */
export const serverNoteSchema = z.object({ ...common, entry: server });

/** Like `serverNoteSchema`, stored beside the password of a login on an existing server. */
export const remoteNoteSchema = z.object({ ...common, owner: z.string().optional(), entry: remoteLease });

/** An environment's persistent state on this machine. Contains no secrets. */
export type EnvironmentState = z.output<typeof environmentSchema>;
export type ServerState = z.output<typeof server>;
export type LeaseState = z.output<typeof lease>;

/** A lease, with the local name and the kind of its server. */
export interface PlacedLease extends LeaseState {
  readonly server: string;
  readonly kind: string;
}

/** Lists all leases on an environment's own servers. */
export const leasesIn = ({ servers }: Pick<EnvironmentState, "servers">): readonly PlacedLease[] =>
  Object.entries(servers).flatMap(([server, { kind, leases }]) => leases.map((lease) => ({ ...lease, server, kind })));

/** Finds a server by its local name. */
export const serverIn = ({ servers }: Pick<EnvironmentState, "servers">, localName: string): ServerState | undefined =>
  ownValue(servers, localName);

/** Returns the state with a server added or replaced. */
export const withServer = (state: EnvironmentState, localName: string, server: ServerState): EnvironmentState => ({
  ...state,
  servers: { ...state.servers, [localName]: server },
});
