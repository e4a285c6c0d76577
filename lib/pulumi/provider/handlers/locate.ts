import { existsSync } from "node:fs";
import path from "node:path";
import { fault } from "../../../errors";
import { notTrustedState } from "../../../files/make-folders";
import { isFolderOf, stateHome } from "../../../local/folder";
import { suspectOnTheWay } from "../../../internal/trust";
import { environment } from "../schemas";

/** The parts of a resource's id, after checking that endow created it. */
export interface Located {
  /** The environment's folder. */
  readonly folder: string;
  /** Name of the server, the group or the app; for a remote lease, of its folder. */
  readonly name: string;
  /** Login of a lease. */
  readonly login: string;
  /** Whether the environment is on this machine. False if the stack was deployed on another one, or under another state folder. */
  readonly isHere: boolean;
}

/** A resource from the engine's state or from an import: untrusted until checked. */
interface Stated {
  readonly id: string;
  readonly inputs?: { readonly environment: unknown } | undefined;
  readonly outputs?: { readonly folder: unknown } | undefined;
}

const SERVER = "[a-z][a-z0-9-]{0,40}";
const LOGIN = "[a-z][a-z0-9_]{0,62}";

/** Path below the environment's folder, by resource type. */
const places = {
  Server: `servers/(?<name>${SERVER})`,
  Lease: `servers/(?<name>${SERVER})/(?<login>${LOGIN})`,
  RemoteLease: `remote/(?<name>(?<login>${LOGIN})-[0-9a-f]{8})`,
  Generated: `generated/(?<name>${LOGIN})`,
  Values: "values/(?<name>[a-z][a-zA-Z0-9]*(?:[_-][a-zA-Z0-9]+)*)[.]json",
  Process: "processes/(?<name>[a-z][a-z0-9-]{0,36})",
} as const;

/**
 * Parses a resource's id. The state may have been edited by hand, and endow deletes or stops what it names. So the id must be exactly
 * `<state folder>/<app>/<environment>/...` as endow writes it, without symbolic links, and match the environment in inputs and outputs.
 *
 * @param names in the inputs and outputs that must match the id
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
      `the stack's state has a ${type} that endow did not create: ${why}`,
      "repair the state (`pulumi stack export` and `pulumi stack import`), or remove the resource from it: `pulumi state delete <urn>`",
      id,
    );
  const match = new RegExp(`^(?<folder>(?<home>/.*?)/[a-z0-9-]+-[0-9a-f]{8}/[a-z0-9][a-z0-9-]*)/${places[type]}$`).exec(id);
  const { folder = "", home, name = "", login = "" } = match?.groups ?? {};
  if (match === null || id.includes("\0") || path.normalize(id) !== id) throw refused(`${JSON.stringify(id)} is not a valid id`);
  const isHere = existsSync(folder);
  if (home !== stateHome() && isHere) throw refused(`${id} is not in the state folder ${stateHome()}`);
  if (outputs !== undefined && outputs.folder !== folder) throw refused(`its id is ${id}, but its folder is a different one`);
  if (inputs !== undefined) {
    const stated = environment.safeParse(inputs.environment);
    if (!stated.success || !isFolderOf(folder, stated.data)) throw refused(`${folder} is not the folder of its environment`);
  }
  for (const [stated, known] of [
    [names.name, name],
    [names.login, login],
  ])
    if (stated !== undefined && stated !== known) throw refused(`${id} does not match its name`);
  const suspect = isHere ? suspectOnTheWay(stateHome(), id) : undefined;
  if (suspect) throw notTrustedState(suspect);
  return { folder, name, login, isHere };
};

/**
 * Like `locate`, for an update, which works only on this machine.
 *
 * @throws EndowError `RESOURCE_ELSEWHERE` and those of `locate`
 */
export const locateHere: typeof locate = (type, stated, names) => {
  const located = locate(type, stated, names);
  if (located.folder.startsWith(`${stateHome()}/`)) return located;
  throw fault(
    "RESOURCE_ELSEWHERE",
    `${stated.id} is not in the state folder ${stateHome()}: another machine, another user, or another XDG_STATE_HOME created it`,
    "restore the XDG_STATE_HOME of that time, or use your own stack: a local stack belongs to one user of one machine",
    stated.id,
  );
};
