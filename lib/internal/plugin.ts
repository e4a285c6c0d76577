import path from "node:path";
import { fault } from "../errors";
import { homeOfSystem } from "./home";
import { shellQuote } from "./shell-quote";
import { notTrusted, suspectIn, suspectOnTheWay } from "./trust";

/** Where Pulumi looks for the provider of this version. */
export interface Plugin {
  readonly version: string;
  /** `~/.pulumi/plugins/resource-endow-local-v0.1.0` */
  readonly folder: string;
}

/**
 * The provider's place, in `$PULUMI_HOME`, else in `.pulumi` of the user's home.
 *
 * @throws EndowError `PULUMI_HOME_UNKNOWN`
 */
export const pluginOf = (version: string, env: NodeJS.ProcessEnv = process.env): Plugin => ({
  version,
  folder: path.join(pulumiHome(env), "plugins", `resource-endow-local-v${version}`),
});

/**
 * That nobody but this user, or root, can change the plugin, which the engine runs, or put another one in its place.
 *
 * @param folder in the folder of plugins, in Pulumi's home
 * @throws EndowError `NOT_TRUSTED`
 */
export const assertTrustedPlugin = (folder: string): void => {
  const home = path.dirname(path.dirname(folder));
  const above = suspectOnTheWay(home, path.dirname(folder));
  if (above)
    throw notTrusted(above, (place) => `make it yours alone: chmod go-w ${shellQuote(place)}; or set PULUMI_HOME to another folder`);
  const suspect = suspectOnTheWay(home, folder) ?? suspectIn(folder);
  if (suspect) throw notTrusted(suspect, () => `remove it: rm -r ${shellQuote(folder)}, then run \`npx endow setup\``);
};

/** As Pulumi finds it: the home that the system has for the user comes before `$HOME`. */
const pulumiHome = ({ PULUMI_HOME, HOME }: NodeJS.ProcessEnv): string => {
  if (PULUMI_HOME) return path.resolve(PULUMI_HOME);
  const home = homeOfSystem() || HOME;
  if (home) return path.join(home, ".pulumi");
  throw fault(
    "PULUMI_HOME_UNKNOWN",
    "this user has no home folder to keep Pulumi's plugins in",
    "set PULUMI_HOME to a folder",
    "PULUMI_HOME",
  );
};
