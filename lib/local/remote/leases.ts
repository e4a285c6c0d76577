import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import path from "node:path";
import { hash } from "../../names";
import { elsewhereNotes, freeLeaseName, type LocalLeaseRequest } from "../assign";
import { fewAtOnce } from "../concurrency";
import { credentialsIn } from "../credentials";
import type { LocalEnvironment } from "../environment";
import { remoteIn } from "../folder";
import { makeOwnFolder } from "../../files/make-folders";
import type { RemoteServer } from "./remote";
import { remoteOf } from ".";

/** A setting's lease request on an existing server. */
export interface KeptRemoteLeaseRequest extends LocalLeaseRequest {
  readonly server: RemoteServer;
  /**
   * The lease's owner, if it was created before, possibly on another machine.
   * @default - this environment's owner
   */
  readonly owner?: string | undefined;
}

/** A setting's lease on an existing server. */
export interface KeptRemoteLease {
  readonly login: string;
  /** The kind's fields, including secrets. */
  readonly fields: object;
  readonly owner: string;
  /** Contains its password (0700). */
  readonly folder: string;
}

/**
 * Creates a lease on an existing server, or reuses the setting's own. Records it before creating anything. A setting that was renamed or moved
 * keeps its lease.
 *
 * @param tell called with messages for the user, which contain no secrets
 */
export const makeRemoteLease = async (
  environment: LocalEnvironment,
  request: KeptRemoteLeaseRequest,
  tell: (note: string) => void,
): Promise<KeptRemoteLease> => {
  const { id, formerly, kind, options, server } = request;
  const recorded = await ownerIn(environment, request.owner);
  const owner = request.owner ?? recorded;
  const address = addressOf(server);
  const before = await environment.state();
  const lease = () =>
    remoteOf(kind).lease(server, {
      id,
      options,
      mark: markOf({ environment, owner, id, server }),
      marks: {
        beginning: markBeginning(environment),
        part: ownerPart(owner),
        known: [id, ...formerly].map((known) => markFor({ environment, owner, id: known })),
      },
      nameFor: (held) => {
        const leases = Object.values(before.remote).filter((lease) => lease.server === address);
        const login = request.login ?? leases.find((lease) => lease.id === id)?.name;
        const others = leases.filter((lease) => lease.id !== id).map((lease) => lease.name);
        return freeLeaseName({ ...request, login }, [...held, ...others]);
      },
      password: async (found) => {
        await environment.change((state) => ({
          ...state,
          remote: { ...state.remote, [remoteFolderName(found, server)]: { id, server: address, name: found } },
        }));
        const folder = folderOf(environment, found, server);
        await makeOwnFolder(folder);
        return credentialsIn(folder).get(found);
      },
    });
  const { login, fields, made, notes } = await fewAtOnce(address, lease);
  if (made) elsewhereNotes(before, request, address, environment.recipeOf(kind).copyHint).forEach(tell);
  notes.forEach(tell);
  return { login, fields, owner, folder: folderOf(environment, login, server) };
};

/** Name of the folder that holds a login's password. */
export const remoteFolderName = (login: string, server: Pick<RemoteServer, "host" | "port">): string =>
  `${login}-${hash(addressOf(server))}`;

/** Removes a dropped lease and its password from this machine. */
export const forgetRemoteLease = async (
  { change }: LocalEnvironment,
  lease: { readonly server: RemoteServer; readonly login: string; readonly folder: string },
): Promise<void> => {
  await rm(lease.folder, { recursive: true, force: true });
  await change((state) => {
    const { [remoteFolderName(lease.login, lease.server)]: _, ...remote } = state.remote;
    return { ...state, remote };
  });
};

/** `db.internal:5432` */
export const addressOf = ({ host, port }: Pick<RemoteServer, "host" | "port">): string => `${host}:${port}`;

interface Marked {
  readonly environment: Pick<LocalEnvironment, "project" | "environment">;
  readonly owner: string;
  /** The setting's id. */
  readonly id: string;
}

/**
 * The mark that the server stores with our login. It contains the address used to reach the server: after that address changes, the lease under
 * the old address cannot disable the login.
 */
export const markOf = ({ server, ...marked }: Marked & { readonly server: RemoteServer }): string =>
  `${markFor(marked)}${addressOf(server)}`;

/** The beginning of the mark, without the server's address. */
const markFor = ({ environment, owner, id }: Marked): string => `${markBeginning(environment)}${id}${ownerPart(owner)}`;

const markBeginning = ({ project, environment }: Marked["environment"]): string => `endow ${project}/${environment}/`;

const ownerPart = (owner: string): string => `, of ${owner}, at `;

/** Distinguishes the environment from others of the same name, such as another developer's. */
const ownerIn = async ({ change, state }: LocalEnvironment, known: string = randomUUID()): Promise<string> => {
  await change((before) => ({ ...before, owner: before.owner ?? known }));
  return (await state()).owner ?? known;
};

const folderOf = ({ folder }: LocalEnvironment, login: string, server: Pick<RemoteServer, "host" | "port">): string =>
  path.join(remoteIn(folder), remoteFolderName(login, server));
