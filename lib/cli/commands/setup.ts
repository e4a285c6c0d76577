import path from "node:path";
import { install, uninstall } from "../plugin";
import { platform } from "../../supervisor/platform/current";
import { pluginOf } from "../../internal/plugin";
import { version } from "../../internal/version";
import { print, printJson } from "../output";

/** The folder of the built programs, relative to `dist/cli/main.js`. */
const DIST = path.join(__dirname, "..");

interface SetupOptions {
  readonly remove?: boolean;
  readonly json?: boolean;
}

/** `endow setup`: installs the Pulumi provider where Pulumi finds it. */
export const setup = async ({ remove, json }: SetupOptions): Promise<void> => {
  platform();
  const plugin = pluginOf(version());
  const result = remove ? await uninstall(plugin) : await install(plugin, DIST);
  if (json) return printJson({ result, ...plugin });
  const provider = `the Pulumi provider endow-local ${plugin.version}`;
  const messages = {
    installed: `installed ${provider} in ${plugin.folder}\nnext: run \`pulumi up\` in the folder of your Pulumi program`,
    unchanged: `${provider} is already installed in ${plugin.folder}\nnext: run \`pulumi up\` in the folder of your Pulumi program`,
    removed: `removed ${provider} from ${plugin.folder}`,
    absent: `${provider} is not installed in ${plugin.folder}: nothing to remove`,
  };
  print(messages[result]);
};
