import type { Definition } from "../definition";
import { environmentOf, runtimeEnvironment, type Env, type Environment } from "../environment";
import { distinct, SettingsError, type Problem } from "../errors";
import type { Config, Group } from "../settings";
import { checkProblems, checkProblemsSync } from "./checks";
import { readEntries, readEntriesSync } from "./entries";
import { gather, type Entries, type Gathered } from "../values/gather";
import { absentInput, inputOf, parse, parseSync, type Parsed } from "../values/parse";
import { reuseProblems } from "../values/reuse";
import { missingValues, weaknessProblems, type Outcome } from "../values/rules";

/** Where a group's values are loaded from, and for which environment. */
export interface LoadOptions {
  /**
   * Variables to load from.
   * @default process.env
   */
  readonly env?: Env;
  /**
   * The environment that `requiredIn` and production's stricter rules apply to.
   * @default - `ENDOW_ENVIRONMENT`, `ENVIRONMENT`, `NODE_ENV`, else development
   */
  readonly environment?: string | Environment;
  /** Aborts a slow read of a store: `AbortSignal.timeout(5_000)`. */
  readonly signal?: AbortSignal;
}

/**
 * Loads a group's values, validated and typed, with every secret redacted until `reveal()`.
 *
 * @throws SettingsError `SETTINGS_INVALID` listing every problem, each with where to set the value; never a secret's value.
 * @throws EndowError `ENVIRONMENT_UNKNOWN`, `STORE_UNKNOWN`, `STORE_UNREADABLE`.
 */
export const load = async <G extends Group>(group: G, options: LoadOptions = {}): Promise<Config<G>> => {
  const { env, environment } = contextOf(options);
  const inputs = inputsOf(group, env, await readEntries(group, env, options.signal));
  const outcomes = await Promise.all(
    inputs.map(async (entry) => outcome(entry, "input" in entry ? await parse(entry.definition, entry.input, entry.variables) : undefined)),
  );
  refuse(environment, problemsIn(environment, outcomes));
  const config = configOf(outcomes);
  refuse(environment, await checkProblems(group, config));
  return config as Config<G>;
};

/**
 * The synchronous form of `load()`, for modules that export their configuration.
 *
 * @throws EndowError `ASYNC_CHECK` if a schema or a check is asynchronous, `STORE_ASYNC` if the values are in a remote store.
 */
export const loadSync = <G extends Group>(group: G, options: LoadOptions = {}): Config<G> => {
  const { env, environment } = contextOf(options);
  const outcomes = inputsOf(group, env, readEntriesSync(group, env)).map((entry) =>
    outcome(entry, "input" in entry ? parseSync(entry.definition, entry.input, entry.variables) : undefined),
  );
  refuse(environment, problemsIn(environment, outcomes));
  const config = configOf(outcomes);
  refuse(environment, checkProblemsSync(group, config));
  return config as Config<G>;
};

const contextOf = ({ env = process.env, environment }: LoadOptions) => ({
  env,
  environment: environment === undefined ? runtimeEnvironment(env) : environmentOf(environment),
});

/** A setting before parsing; without `input` there is nothing to parse. */
interface SettingInput {
  readonly definition: Definition;
  readonly gathered: Gathered;
  readonly variables: Definition["variables"];
  readonly input?: unknown;
  readonly problems?: readonly Problem[];
}

const inputsOf = ({ definitions }: Group, env: Env, entries: Entries): readonly SettingInput[] => {
  const byName = new Map(definitions.map((definition) => [definition.name, definition]));
  return [...gather(definitions, env, entries)].map(([definition, gathered]) => {
    const { variables } = definition;
    if (gathered.found === "problems") return { definition, gathered, variables, problems: gathered.problems };
    if (gathered.found === "nothing") return { definition, gathered, variables, ...absentInput(definition, byName) };
    return { definition, gathered, variables: gathered.variables, ...inputOf(definition, gathered.texts, gathered.variables) };
  });
};

const outcome = ({ definition, gathered, problems = [] }: SettingInput, parsed: Parsed | undefined): Outcome => {
  const present = gathered.found !== "nothing";
  const refused = parsed && "problems" in parsed ? parsed.problems : problems;
  return {
    definition,
    gathered,
    value: parsed && "value" in parsed ? parsed.value : undefined,
    absenceRefused: !present && refused.length > 0,
    problems: present ? refused : [],
  };
};

const problemsIn = ({ type }: Environment, outcomes: readonly Outcome[]): readonly Problem[] => [
  ...outcomes.flatMap(({ problems }) => problems),
  ...missingValues(outcomes, type),
  ...weaknessProblems(outcomes, type),
  ...reuseProblems(outcomes, type),
];

const configOf = (outcomes: readonly Outcome[]): object =>
  Object.freeze(Object.fromEntries(outcomes.map(({ definition, value }) => [definition.name, value])));

const refuse = ({ type }: Environment, problems: readonly Problem[]): void => {
  if (problems.length === 0) return;
  const heading = `${type.charAt(0).toUpperCase()}${type.slice(1)} configuration errors:`;
  // A value that several settings fall back to is reported once.
  throw new SettingsError("SETTINGS_INVALID", heading, distinct(problems));
};
