import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { EndowError, type Problem } from "../../../errors";
import { assertTrustedPlugin, pluginOf } from "../../../internal/plugin";
import { version } from "../../../internal/version";
import { isRunByLanguageHost } from "../../language-host";

const PROGRAM = "pulumi-resource-endow-local";

/**
 * Problems with the provider: the engine will not find it, in which case the engine's own message would suggest a download that does not exist, or
 * another user can modify it. Checked only if the engine's language host started this process, which then shares the engine's environment; an inline
 * Automation API program does not.
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

/** Whether the project file itself names the provider's folder, under `plugins` or `packages`. */
const isConfigured = (folder = process.cwd()): boolean => {
  const file = ["Pulumi.yaml", "Pulumi.yml"].map((name) => path.join(folder, name)).find((name) => existsSync(name));
  if (file !== undefined) return readFileSync(file, "utf8").includes("endow-local");
  return path.dirname(folder) !== folder && isConfigured(path.dirname(folder));
};
