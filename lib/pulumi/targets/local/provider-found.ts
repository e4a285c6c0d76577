import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import type { Problem } from "../../../errors";
import { version } from "../../../internal/version";
import { isRunByLanguageHost } from "../../language-host";

const PROGRAM = "pulumi-resource-endow-local";

/**
 * That the engine is not going to find our provider: its own message would name a download that there is none of. Asked only where this
 * process was started by the engine's language host, which shares its environment with the engine; a program of the Automation API does not.
 */
export const providerProblems = (env: NodeJS.ProcessEnv = process.env, startedAs = process.argv[1]): readonly Problem[] => {
  if (!isRunByLanguageHost(startedAs) || isFound(env)) return [];
  return [
    {
      code: "PROVIDER_NOT_FOUND",
      path: "target",
      message: `the Pulumi provider endow-local ${version()}, which runs servers on this machine, is neither on PATH nor in ${pluginFolder(env)}`,
      fix: "run `npx endow setup` once",
    },
  ];
};

const isFound = (env: NodeJS.ProcessEnv): boolean => isOnPath(env) || existsSync(path.join(pluginFolder(env), PROGRAM)) || isConfigured();

const isOnPath = ({ PATH = "" }: NodeJS.ProcessEnv): boolean =>
  PATH.split(path.delimiter).some((folder) => folder !== "" && existsSync(path.join(folder, PROGRAM)));

const pluginFolder = ({ PULUMI_HOME }: NodeJS.ProcessEnv): string =>
  path.join(PULUMI_HOME || path.join(homedir(), ".pulumi"), "plugins", `resource-endow-local-v${version()}`);

/** A project can name the provider's folder itself, under `plugins` or `packages`. */
const isConfigured = (folder = process.cwd()): boolean => {
  const file = ["Pulumi.yaml", "Pulumi.yml"].map((name) => path.join(folder, name)).find((name) => existsSync(name));
  if (file !== undefined) return readFileSync(file, "utf8").includes("endow-local");
  return path.dirname(folder) !== folder && isConfigured(path.dirname(folder));
};
