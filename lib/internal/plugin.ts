import path from "node:path";
import { fault } from "../errors";
import { homeOfSystem } from "./home";
import { shellQuote } from "./shell-quote";
import { notTrusted, suspectIn, suspectOnTheWay } from "./trust";

/** The folder in which Pulumi looks for this version of the provider. */
export interface Plugin {
  readonly version: string;
  /** `~/.pulumi/plugins/resource-endow-local-v0.1.0` */
  readonly folder: string;
}

/**
 * The provider's folder, in `$PULUMI_HOME` or else in `.pulumi` in the user's home.
 *
 * @throws EndowError `PULUMI_HOME_UNKNOWN`
 */
export const pluginOf = (version: string, env: NodeJS.ProcessEnv = process.env): Plugin => ({
  version,
  folder: path.join(pulumiHome(env), "plugins", `resource-endow-local-v${version}`),
});

/**
 * Checks that only this user and root can change or replace the plugin, because the engine runs it.
 *
 * @param folder the plugin's folder, inside the plugins folder in Pulumi's home
 * @throws EndowError `NOT_TRUSTED`
 */
export const assertTrustedPlugin = (folder: string): void => {
  const home = path.dirname(path.dirname(folder));
  const above = suspectOnTheWay(home, path.dirname(folder));
  if (above)
    throw notTrusted(
      above,
      (place) => `remove write access for other users: chmod go-w ${shellQuote(place)}; or set PULUMI_HOME to another folder`,
    );
  const suspect = suspectOnTheWay(home, folder) ?? suspectIn(folder);
  if (suspect) throw notTrusted(suspect, () => `delete it: rm -r ${shellQuote(folder)}, then run \`npx endow setup\``);
};

/** Same lookup as Pulumi: the home folder in the system's user database takes precedence over `$HOME`. */
const pulumiHome = ({ PULUMI_HOME, HOME }: NodeJS.ProcessEnv): string => {
  if (PULUMI_HOME) return path.resolve(PULUMI_HOME);
  const home = homeOfSystem() || HOME;
  if (home) return path.join(home, ".pulumi");
  throw fault("PULUMI_HOME_UNKNOWN", "this user has no home folder for Pulumi's plugins", "set PULUMI_HOME to a folder", "PULUMI_HOME");
};
