import { existsSync } from "node:fs";
import { fault } from "../../../errors";
import { localNameOf, type ServerIdentity } from "../../../local/assign";
import type { EnvironmentPlace } from "../../../local/environment";
import { environmentFolder } from "../../../local/folder";
import type { EnvironmentState } from "../../../local/state";
import { readState } from "../../../local/state-files";
import type { ServerInputs } from "../schemas";

type Environment = ServerInputs["environment"];

/**
 * Where a resource that is to be made has its environment.
 *
 * @throws EndowError `APP_FOLDER_NOT_FOUND`
 */
export const newPlace = (environment: Environment): EnvironmentPlace => {
  const { project, root, name } = environment;
  if (!existsSync(root))
    throw fault("APP_FOLDER_NOT_FOUND", `the app's folder ${root} is not there`, "correct the folder", "environment.root");
  return placeAt(environment, environmentFolder({ project, root }, name));
};

/** Where a resource has its environment since it was made, wherever the app's folder is now. */
export const placeAt = ({ project, root, name }: Environment, folder: string): EnvironmentPlace => ({
  project,
  root,
  environment: name,
  folder,
});

/** Whether these are two environments. A project that was moved to another folder keeps its own. */
export const isOther = (before: Environment, after: Environment | undefined): boolean =>
  after !== undefined && (before.project !== after.project || before.name !== after.name);

/** What is recorded of an environment; `undefined` when its folder is gone. */
export const recordIn = async (folder: string): Promise<EnvironmentState | undefined> =>
  existsSync(folder) ? readState(folder) : undefined;

/** Whether a server of this name and these former names has the folder that a resource of it had. */
export const isInPlace = (state: EnvironmentState, server: ServerIdentity, localName: string): boolean =>
  localNameOf({ ...server, localName }, state) === localName;

/** @throws EndowError `SERVER_ELSEWHERE` */
export const assertInPlace = (state: EnvironmentState, server: ServerIdentity, localName: string): void => {
  if (isInPlace(state, server, localName)) return;
  throw fault(
    "SERVER_ELSEWHERE",
    `the folder ${localName} that this resource knows holds the data of another server by now, so nothing was changed`,
    MAKE_AGAIN,
    server.name,
  );
};

/** What to do about a resource whose id names what it does not have. */
export const MAKE_AGAIN =
  "run `pulumi up --replace <urn>`, with the URN that `pulumi stack --show-urns` shows: the resource then gets a place of its own";

export const environmentInputOf = ({ project, root, environment }: EnvironmentState): Environment => ({ project, root, name: environment });

/** @throws EndowError `IMPORT_UNSUPPORTED` */
export const refuseImport = (what: string, id: string): never => {
  throw fault("IMPORT_UNSUPPORTED", `${what} cannot be imported`, "leave the import out: `pulumi up` takes over what is there already", id);
};
