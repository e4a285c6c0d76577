import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import path from "node:path";
import { hash } from "../../names";
import { credentialsIn } from "../credentials";
import type { LocalEnvironment } from "../environment";
import { remoteIn } from "../folder";
import { movedNotes, type LocalLeaseRequest } from "../leases";
import { makeOwnFolder } from "../make-folders";
import type { EnvironmentState } from "../state";
import type { RemoteServer } from "./remote";
import { remoteOf } from ".";

/** What a setting asks for on somebody else's server. */
export interface KeptRemoteLeaseRequest extends Omit<LocalLeaseRequest, "server"> {
  readonly server: RemoteServer;
  /**
   * Whose it is, where it was made before: also on another machine.
   * @default - this environment's
   */
  readonly owner?: string | undefined;
}

/** What a setting has got on somebody else's server. */
export interface KeptRemoteLease {
  readonly login: string;
  /** The kind's fields, secrets among them. */
  readonly fields: object;
  readonly owner: string;
  /** Holds its password (0700). */
  readonly folder: string;
  /** What a person should know: sentences without a secret. */
  readonly notes: readonly string[];
}

/** Makes a lease on somebody else's server, or finds it so, and records it. A setting that was renamed or moved keeps what it had. */
export const makeRemoteLease = async (environment: LocalEnvironment, wanted: KeptRemoteLeaseRequest): Promise<KeptRemoteLease> => {
  const { id, formerly, kind, name, options, server } = wanted;
  const owner = wanted.owner ?? (await ownerIn(environment));
  const folderFor = (login: string) => path.join(remoteIn(environment.folder), remoteFolderName(login, server));
  const { login, fields, made, notes } = await remoteOf(kind).lease(server, {
    id,
    name,
    options,
    mark: markOf({ environment, owner, id, server }),
    known: [id, ...formerly].map((known) => markFor({ environment, owner, id: known })),
    password: async (found) => {
      const folder = folderFor(found);
      await makeOwnFolder(folder);
      return credentialsIn(folder).get(found);
    },
  });
  const record = { id, server: addressOf(server), name: login };
  const moved = made ? movedNotes(await environment.record(), [{ ...wanted, server: record.server }]) : [];
  await environment.change((before) => ({ ...before, remote: [...without(before, record), record] }));
  return { login, fields, owner, folder: folderFor(login), notes: [...moved, ...notes] };
};

/** Of the folder that keeps the password of a login. */
export const remoteFolderName = (login: string, server: Pick<RemoteServer, "host" | "port">): string =>
  `${login}-${hash(addressOf(server))}`;

/** Forgets a lease that was dropped, and its password. */
export const forgetRemoteLease = async (
  { change }: LocalEnvironment,
  lease: { readonly server: RemoteServer; readonly login: string; readonly folder: string },
): Promise<void> => {
  await rm(lease.folder, { recursive: true, force: true });
  await change((before) => ({ ...before, remote: without(before, { server: addressOf(lease.server), name: lease.login }) }));
};

/** `db.internal:5432` */
export const addressOf = ({ host, port }: Pick<RemoteServer, "host" | "port">): string => `${host}:${port}`;

interface Marked {
  readonly environment: Pick<LocalEnvironment, "project" | "environment">;
  readonly owner: string;
  /** The setting's. */
  readonly id: string;
}

/**
 * What the server keeps with a login of ours. It names the server as it was reached: one that is reached by two names in turn is not shut out by
 * the name that it has no more.
 */
export const markOf = ({ server, ...marked }: Marked & { readonly server: RemoteServer }): string =>
  `${markFor(marked)}${addressOf(server)}`;

/** How the mark begins, whatever the server is called. */
const markFor = ({ environment: { project, environment }, owner, id }: Marked): string =>
  `endow ${project}/${environment}/${id}, of ${owner}, at `;

/** Tells the environment apart from others of the same name, such as another developer's. */
const ownerIn = async ({ change, record }: LocalEnvironment): Promise<string> => {
  const made = randomUUID();
  await change((before) => ({ owner: made, ...before }));
  return (await record()).owner ?? made;
};

const without = ({ remote }: EnvironmentState, lease: { readonly server: string; readonly name: string }): EnvironmentState["remote"] =>
  remote.filter(({ server, name }) => server !== lease.server || name !== lease.name);
