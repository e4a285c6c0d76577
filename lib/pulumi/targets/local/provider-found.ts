import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { EndowError, type Problem } from "../../../errors";
import { assertTrustedPlugin, pluginOf } from "../../../internal/plugin";
import { version } from "../../../internal/version";
import { isRunByLanguageHost } from "../../language-host";

const PROGRAM = "pulumi-resource-endow-local";

/**
 * That the engine is not going to find our provider, for which its own message would name a download that there is none of, or that another user can change
 * the one it finds. Asked only where this
 * process was started by the engine's language host, which shares its environment with the engine; a program of the Automation API does not.
 */
export const providerProblems = (env: NodeJS.ProcessEnv = process.env, startedAs = process.argv[1]): readonly Problem[] => {
  if (!isRunByLanguageHost(startedAs) || isOnPath(env)) return [];
  try {
    const { folder } = pluginOf(version(), env);
    assertTrustedPlugin(folder);
    return existsSync(path.join(folder, PROGRAM)) || isConfigured() ? [] : [notFound(folder)];
  } catch (error) {
    if (error instanceof EndowError) return error.problems;
    throw error;
  }
};

const notFound = (folder: string): Problem => ({
  code: "PROVIDER_NOT_FOUND",
  path: "target",
  message: `the Pulumi provider endow-local ${version()}, which runs servers on this machine, is neither on PATH nor in ${folder}`,
  fix: "run `npx endow setup` once",
});

const isOnPath = ({ PATH = "" }: NodeJS.ProcessEnv): boolean =>
  PATH.split(path.delimiter).some((folder) => folder !== "" && existsSync(path.join(folder, PROGRAM)));

/** A project can name the provider's folder itself, under `plugins` or `packages`. */
const isConfigured = (folder = process.cwd()): boolean => {
  const file = ["Pulumi.yaml", "Pulumi.yml"].map((name) => path.join(folder, name)).find((name) => existsSync(name));
  if (file !== undefined) return readFileSync(file, "utf8").includes("endow-local");
  return path.dirname(folder) !== folder && isConfigured(path.dirname(folder));
};
