import { existsSync } from "node:fs";
import path from "node:path";
import { fault } from "../../../errors";
import { notTrustedState } from "../../../files/make-folders";
import { isFolderOf, stateHome } from "../../../local/folder";
import { suspectOnTheWay } from "../../../internal/trust";
import { environment } from "../schemas";

/** What a resource's id names, once it is known to be what we have made. */
export interface Located {
  /** The environment's folder. */
  readonly folder: string;
  /** Of the server, the group or the app; for a lease on somebody else's server, of its folder. */
  readonly name: string;
  /** Of a lease. */
  readonly login: string;
  /** Whether the environment is on this machine. It is not where the stack was made on another one, or under another state folder. */
  readonly isHere: boolean;
}

/** A resource as the engine's state has it, or as an import names it. Nothing of it is believed before it was checked. */
interface Stated {
  readonly id: string;
  readonly inputs?: { readonly environment: unknown } | undefined;
  readonly outputs?: { readonly folder: unknown } | undefined;
}

const SERVER = "[a-z][a-z0-9-]{0,40}";
const LOGIN = "[a-z][a-z0-9_]{0,62}";

/** Below the environment's folder, by type of resource. */
const places = {
  Server: `servers/(?<name>${SERVER})`,
  Lease: `servers/(?<name>${SERVER})/(?<login>${LOGIN})`,
  RemoteLease: `remote/(?<name>(?<login>${LOGIN})-[0-9a-f]{8})`,
  Values: "values/(?<name>[a-z][a-zA-Z0-9]*(?:[_-][a-zA-Z0-9]+)*)[.]json",
  Process: "processes/(?<name>[a-z][a-z0-9-]{0,36})",
} as const;

/**
 * Takes an id apart. The engine's state can have been changed by hand, and what it names is removed or ended: so the id is exactly
 * `<state folder>/<app>/<environment>/...` as we write it, with no link on the way, and the environment that inputs and outputs name is that one.
 *
 * @param names that inputs and outputs have for what the id names
 * @throws EndowError `RESOURCE_NOT_OURS`, `NOT_TRUSTED`
 */
export const locate = (
  type: keyof typeof places,
  { id, inputs, outputs }: Stated,
  names: { readonly name?: unknown; readonly login?: unknown } = {},
): Located => {
  const refused = (why: string) =>
    fault(
      "RESOURCE_NOT_OURS",
      `the stack's state has a ${type} that is not one of endow's: ${why}`,
      "put the state right (`pulumi stack export` and `pulumi stack import`), or take the resource out of it: `pulumi state delete <urn>`",
      id,
    );
  const match = new RegExp(`^(?<folder>(?<home>/.*?)/[a-z0-9-]+-[0-9a-f]{8}/[a-z0-9][a-z0-9-]*)/${places[type]}$`).exec(id);
  const { folder = "", home, name = "", login = "" } = match?.groups ?? {};
  if (match === null || id.includes("\0") || path.normalize(id) !== id) throw refused(`${JSON.stringify(id)} is not the path of one`);
  const isHere = existsSync(folder);
  if (home !== stateHome() && isHere) throw refused(`${id} is not in ${stateHome()}, where its like are kept`);
  if (outputs !== undefined && outputs.folder !== folder) throw refused(`its id is ${id}, and its folder another one`);
  if (inputs !== undefined) {
    const stated = environment.safeParse(inputs.environment);
    if (!stated.success || !isFolderOf(folder, stated.data)) throw refused(`${folder} is not the folder of the environment that it is of`);
  }
  for (const [stated, known] of [
    [names.name, name],
    [names.login, login],
  ])
    if (stated !== undefined && stated !== known) throw refused(`${id} is not the path of what it is called`);
  const suspect = isHere ? suspectOnTheWay(stateHome(), id) : undefined;
  if (suspect) throw notTrustedState(suspect);
  return { folder, name, login, isHere };
};

/**
 * The same for an update, which has nothing to work on elsewhere.
 *
 * @throws EndowError `RESOURCE_ELSEWHERE` and those of `locate`
 */
export const locateHere: typeof locate = (type, stated, names) => {
  const located = locate(type, stated, names);
  if (located.folder.startsWith(`${stateHome()}/`)) return located;
  throw fault(
    "RESOURCE_ELSEWHERE",
    `${stated.id} is in another state folder than ${stateHome()}: it was made on another machine, by another user, or with another XDG_STATE_HOME`,
    "set XDG_STATE_HOME as it was then, or use a stack of your own: a stack on one's machine belongs to one user",
    stated.id,
  );
};
