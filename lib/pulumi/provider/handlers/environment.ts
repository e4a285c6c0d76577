import { existsSync } from "node:fs";
import { fault } from "../../../errors";
import { localNameOf, type ServerIdentity } from "../../../local/assign";
import type { EnvironmentPlace } from "../../../local/environment";
import { environmentFolder } from "../../../local/folder";
import type { EnvironmentState } from "../../../local/state";
import { readState } from "../../../local/state-files";
import type { StepContext } from "../handler";
import type { ServerInputs } from "../schemas";

type EnvironmentInput = ServerInputs["environment"];

/**
 * The environment's place for a new resource.
 *
 * @throws EndowError `APP_FOLDER_NOT_FOUND`
 */
export const newPlace = (environment: EnvironmentInput): EnvironmentPlace => {
  const { project, root, name } = environment;
  if (!existsSync(root))
    throw fault("APP_FOLDER_NOT_FOUND", `the app's folder ${root} does not exist`, "correct the folder", "environment.root");
  return placeAt(environment, environmentFolder({ project, root }, name));
};

/** The environment's place for an existing resource, even if the app's folder has moved since. */
export const placeAt = ({ project, root, name }: EnvironmentInput, folder: string): EnvironmentPlace => ({
  project,
  root,
  environment: name,
  folder,
});

/** Whether these are different environments. A project that was moved to another folder keeps its environment. */
export const isOther = (before: EnvironmentInput, after: EnvironmentInput | undefined): boolean =>
  after !== undefined && (before.project !== after.project || before.name !== after.name);

/** Warns once that `endow dev` in an app's new folder does not use the environment that the stack keeps. */
export const warnIfMoved = (
  before: EnvironmentInput,
  after: EnvironmentInput,
  folder: string,
  { warn }: Pick<StepContext, "warn">,
): void => {
  if (before.root === after.root) return;
  warn(
    `this stack's environment was made for ${before.root} and stays in ${folder}; \`endow dev\` uses the one for ${after.root}. ` +
      "To share one, run `pulumi destroy`, then `pulumi up`: it starts empty",
  );
};

/** The recorded state of an environment; `undefined` when its folder is gone. */
export const recordIn = async (folder: string): Promise<EnvironmentState | undefined> =>
  existsSync(folder) ? readState(folder) : undefined;

/** Whether a server with this name and these former names still uses the folder that its resource recorded. */
export const isInPlace = (state: EnvironmentState, server: ServerIdentity, localName: string): boolean =>
  localNameOf({ ...server, localName }, state) === localName;

/** @throws EndowError `SERVER_ELSEWHERE` */
export const assertInPlace = (state: EnvironmentState, server: ServerIdentity, localName: string): void => {
  if (isInPlace(state, server, localName)) return;
  throw fault(
    "SERVER_ELSEWHERE",
    `the folder ${localName} that this resource recorded now holds the data of another server, so nothing was changed`,
    MAKE_AGAIN,
    server.name,
  );
};

/** The fix for a resource whose id points to another resource's data. */
export const MAKE_AGAIN =
  "run `pulumi up --replace <urn>`, with the URN from `pulumi stack --show-urns`: the resource then gets its own place";

export const environmentInputOf = ({ project, root, environment }: EnvironmentState): EnvironmentInput => ({
  project,
  root,
  name: environment,
});

/** @throws EndowError `IMPORT_UNSUPPORTED` */
export const refuseImport = (what: string, id: string): never => {
  throw fault("IMPORT_UNSUPPORTED", `${what} cannot be imported`, "omit the import: `pulumi up` adopts what already exists", id);
};
