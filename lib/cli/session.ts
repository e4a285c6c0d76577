import { existsSync } from "node:fs";
import { loadGroups, locateApp, redactorOf, type LocatedApp } from "../workspace/app";
import { assertDeclaredOnce } from "../workspace/conflicts";
import { noDotenv, readDotenv } from "../workspace/dotenv/dotenv";
import { readSupplied, type Supplied } from "../workspace/supplied";
import type { Environment } from "../environment";
import { fault } from "../errors";
import { readDeclarations } from "../local/declarations";
import { localFacts } from "../local/facts";
import { environmentFolder } from "../local/folder";
import { readFingerprints } from "../local/fingerprints";
import { plan, type Plan } from "../plan";
import type { Group } from "../settings";
import { parseEnvironment } from "./environment";
import type { CommonOptions } from "./options";

/** The app and the environment that a command works on. */
export interface AppPlace {
  readonly app: LocatedApp;
  readonly environment: Environment;
  /** The environment's folder on this machine. */
  readonly folder: string;
}

/** An app whose settings file is loaded. */
export interface Session extends AppPlace {
  /** The settings file. */
  readonly file: string;
  readonly groups: readonly Group[];
  readonly supplied: Supplied;
  /** This process's variables as they were before the settings file was loaded, which may set some. */
  readonly env: NodeJS.ProcessEnv;
}

/** Finds the app and the environment's folder. Loads none of the app's code, so that its servers can be stopped even if the app is broken. */
export const locate = (options: CommonOptions): AppPlace => {
  const app = locateApp(options);
  const environment = parseEnvironment(options.environment);
  return { app, environment, folder: environmentFolder(app, environment.name) };
};

/** Like `locate`, for an environment that has servers on this machine. */
export const locateLocal = (options: CommonOptions): AppPlace => {
  const place = locate(options);
  const { name, type } = place.environment;
  if (type === "development") return place;
  throw fault(
    "ENVIRONMENT_NOT_LOCAL",
    `${JSON.stringify(name)} is a ${type} environment, but only development environments run on this machine`,
    `remove --environment, or set its type: --environment ${name}=development`,
    "--environment",
  );
};

/** Loads the app's settings file and the values that the user supplies for it. */
export const openSession = async (place: AppPlace, options: CommonOptions): Promise<Session> => {
  const env = { ...process.env };
  const { file, groups } = await loadGroups(place.app, options, env);
  const isLocal = place.environment.type === "development";
  if (isLocal && existsSync(place.folder))
    await assertDeclaredOnce(file, groups, readDeclarations(place.folder) ?? {}, redactorOf(place.app, env));
  const supplied = readSupplied({
    groups,
    env,
    dotenv: isLocal ? readDotenv({ ...place.app, env }) : noDotenv,
    recognize: isLocal ? readFingerprints(place.folder) : () => undefined,
  });
  return { ...place, file, groups, supplied, env };
};

/** The plan of a session's environment, given the values that the user supplies. */
export const planOf = ({ app, groups, environment, supplied }: Session): Plan =>
  plan({
    project: app.project,
    groups,
    environment,
    supplied: supplied.planned,
    // On this machine their values are known, except those in files.
    ...(environment.type === "development" && { target: localFacts, configured: Object.keys(supplied.values) }),
  });

/**
 * The app's environment variables. Supplied values take precedence over stored ones, as in `load()`. Values that the app's own library reads from
 * a file are omitted: as variables they would override the app's other files.
 */
export const appEnvironment = (
  { environment, supplied, env }: Session,
  values: Readonly<Record<string, string>>,
  stores: Readonly<Record<string, string>>,
): NodeJS.ProcessEnv => {
  const given = Object.entries(supplied.values);
  // An empty variable would hide the file's value from the library.
  const isLeft = ([name]: readonly [string, string]) => supplied.readByApp.has(name) && env[name] === undefined;
  // A `NAME` from an earlier run must not clash with a `NAME_FILE` given now, or the other way round.
  const replaced = new Set(given.map(([name]) => (name.endsWith("_FILE") ? name.slice(0, -"_FILE".length) : `${name}_FILE`)));
  const kept = Object.entries(values).filter(([name]) => !replaced.has(name));
  const delivered = [...kept, ...given].filter((entry) => !isLeft(entry));
  return { ...env, ...Object.fromEntries(delivered), ...stores, ENDOW_ENVIRONMENT: environment.type };
};
