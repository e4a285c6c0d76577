import { z } from "zod";
import { ownValue } from "../own-value";

/** Of the files. It changes with what older files do not satisfy. */
export const FORMAT = 2;

/** Of a server's folder. */
const localName = z.string().regex(/^[a-z][a-z0-9-]{0,40}$/);

/** Of the folder of a login on a server that another party runs. */
const remoteName = z.string().regex(/^[a-z][a-z0-9_]{0,62}-[0-9a-f]{8}$/);

const loginName = z.string().regex(/^[a-z][a-z0-9_]{0,62}$/);

const lease = z.object({
  /** The setting's. */
  id: z.string(),
  /** Of its login and of what that owns: in use for as long as the data is there, whatever the setting is called. */
  name: loginName,
  /** The version whose data it is in, where the server keeps data by version. */
  data: z.string().optional(),
  /** The setting is gone from the declaration: its login is shut out, its data kept. */
  disabled: z.boolean(),
  /** The login of a disabled lease could not be shut out yet, because its server did not run. */
  open: z.boolean(),
});

const server = z.object({
  kind: z.string(),
  /** Id of the server in the declaration, where it is known. */
  id: z.string().optional(),
  /** As the plan calls it now. */
  name: z.string(),
  /** As it was last asked for. */
  version: z.string().optional(),
  /** The version whose data it last ran on, where it keeps data by version. */
  data: z.string().optional(),
  port: z.number().int().min(1).max(65_535).optional(),
  leases: z.array(lease),
});

const remoteLease = z.object({
  /** The setting's. */
  id: z.string(),
  /** `db.internal:5432` */
  server: z.string(),
  name: loginName,
});

/** What every file says of the environment that it belongs to. */
const common = {
  version: z.literal(FORMAT),
  /** Counts the changes of the environment: of two files that say different things the one with the higher number is right. */
  revision: z.number().int().min(0),
  project: z.string(),
  /** Folder of the declaration. */
  root: z.string(),
  environment: z.string(),
};

export const environmentSchema = z.object({
  ...common,
  /** By local name, which is that of the server's folder: the first name that the server had, unless another server's data was there. */
  servers: z.record(localName, server),
  /** What settings have on servers that another party runs, also after they were shut out there; by the name of their folder. */
  remote: z.record(remoteName, remoteLease),
  /** Stands for this environment on such servers: no other has the same. */
  owner: z.string().optional(),
});

/** What is noted beside a server's data, so that the environment's own file can be rebuilt. */
export const serverNoteSchema = z.object({ ...common, entry: server });

/** As `serverNoteSchema`, beside the password of a login on a server that another party runs. */
export const remoteNoteSchema = z.object({ ...common, owner: z.string().optional(), entry: remoteLease });

/** What an environment has on this machine, from one run to the next. No secrets. */
export type EnvironmentState = z.output<typeof environmentSchema>;
export type ServerState = z.output<typeof server>;
export type LeaseState = z.output<typeof lease>;

/** A lease, with the local name and the kind of its server. */
export interface PlacedLease extends LeaseState {
  readonly server: string;
  readonly kind: string;
}

/** All leases on an environment's own servers. */
export const leasesIn = ({ servers }: Pick<EnvironmentState, "servers">): readonly PlacedLease[] =>
  Object.entries(servers).flatMap(([server, { kind, leases }]) => leases.map((lease) => ({ ...lease, server, kind })));

/** A server by its local name. */
export const serverIn = ({ servers }: Pick<EnvironmentState, "servers">, localName: string): ServerState | undefined =>
  ownValue(servers, localName);

/** The state with another server in the place of one, or one more. */
export const withServer = (state: EnvironmentState, localName: string, server: ServerState): EnvironmentState => ({
  ...state,
  servers: { ...state.servers, [localName]: server },
});
