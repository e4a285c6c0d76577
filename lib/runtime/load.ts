import type { Definition } from "../definition";
import { environmentOf, runtimeEnvironment, type Environment } from "../environment";
import { fault, SettingsError, type Problem } from "../errors";
import { screamingSnake } from "../names";
import type { Config, Group } from "../settings";
import { readerOf } from "../stores/stores";
import { gather, type Env, type Gathered } from "./gather";
import { absentInput, asyncCheck, inputOf, parse, parseSync, type Parsed } from "./parse";
import { missingProblems, weaknessProblems, type Outcome } from "./rules";

export interface LoadOptions {
  /** Variables to load from. @default process.env */
  readonly env?: Env;
  /** The environment that counts for `requiredIn` and for what production refuses. @default - `ENDOW_ENVIRONMENT`, `ENVIRONMENT`, `NODE_ENV`, else development */
  readonly environment?: string | Environment;
}

/**
 * Loads a group's values, validated and typed, with every secret redacted until `reveal()`.
 *
 * @throws SettingsError `SETTINGS_INVALID` naming every problem, each with where to set it; never a secret's value.
 * @throws EndowError `ENVIRONMENT_UNKNOWN`, `STORE_UNKNOWN`, `STORE_UNREADABLE`.
 */
export const load = async <G extends Group>(group: G, options: LoadOptions = {}): Promise<Config<G>> => {
  const { env, environment } = contextOf(options);
  const store = storeOf(group, env);
  const inputs = inputsOf(group, env, store ? await store.reader.read(store.location) : {});
  const parsed = await Promise.all(
    inputs.map(async (entry) => outcome(entry, "input" in entry ? await parse(entry.definition, entry.input, entry.variables) : undefined)),
  );
  const config = finish(environment, parsed);
  conclude(group, environment, await Promise.all(group.checks.map((check) => check(config as never))));
  return config as Config<G>;
};

/**
 * As `load()`, without waiting: for modules that export their configuration.
 *
 * @throws EndowError `ASYNC_CHECK` when a schema or a check is asynchronous, `STORE_ASYNC` when the values are in a remote store.
 */
export const loadSync = <G extends Group>(group: G, options: LoadOptions = {}): Config<G> => {
  const { env, environment } = contextOf(options);
  const store = storeOf(group, env);
  if (store && !store.reader.readSync)
    throw fault(
      "STORE_ASYNC",
      `the values of ${group.name} are in a remote store, which loadSync() cannot wait for`,
      "use `await load(group)`",
      group.name,
    );
  const parsed = inputsOf(group, env, store?.reader.readSync?.(store.location) ?? {}).map((entry) =>
    outcome(entry, "input" in entry ? parseSync(entry.definition, entry.input, entry.variables) : undefined),
  );
  const config = finish(environment, parsed);
  const verdicts = group.checks.map((check) => check(config as never));
  if (verdicts.some((verdict) => verdict instanceof Promise)) throw asyncCheck(group.name);
  conclude(group, environment, verdicts as Awaited<(typeof verdicts)[number]>[]);
  return config as Config<G>;
};

const contextOf = ({ env = process.env, environment }: LoadOptions) => ({
  env,
  environment: environment === undefined ? runtimeEnvironment(env) : environmentOf(environment),
});

const storeOf = (group: Group, env: Env) => {
  const variable = `ENDOW_${screamingSnake(group.name)}`;
  const address = env[variable];
  return address ? readerOf(variable, address) : undefined;
};

/** A setting on its way to a value; without `input` there is nothing to parse. */
interface Entry {
  readonly definition: Definition;
  readonly gathered: Gathered;
  readonly variables: Definition["variables"];
  readonly input?: unknown;
  readonly problems?: readonly Problem[];
}

const inputsOf = ({ definitions }: Group, env: Env, entries: Readonly<Record<string, string>>): readonly Entry[] =>
  [...gather(definitions, env, entries)].map(([definition, gathered]) => {
    if (gathered.found === "problems") return { definition, gathered, variables: definition.variables, problems: gathered.problems };
    if (gathered.found === "value")
      return { definition, gathered, variables: gathered.variables, ...inputOf(definition, gathered.texts, gathered.variables) };
    return {
      definition,
      gathered,
      variables: definition.variables,
      ...(definition.absent !== "refused" && { input: absentInput(definition) }),
    };
  });

const outcome = ({ definition, gathered, problems = [] }: Entry, parsed: Parsed | undefined): Outcome => {
  const present = gathered.found !== "nothing";
  const refused = parsed && "problems" in parsed ? parsed.problems : problems;
  return {
    definition,
    present,
    value: parsed && "value" in parsed ? parsed.value : undefined,
    absenceRefused: !present && refused.length > 0,
    problems: present ? refused : [],
  };
};

const finish = (environment: Environment, outcomes: readonly Outcome[]): object => {
  const problems = distinct([
    ...outcomes.flatMap((one) => one.problems),
    ...missingProblems(outcomes, environment.type),
    ...weaknessProblems(outcomes, environment.type),
  ]);
  if (problems.length > 0) throw invalid(environment, problems);
  return Object.freeze(Object.fromEntries(outcomes.map(({ definition, value }) => [definition.name, value])));
};

const conclude = (group: Group, environment: Environment, verdicts: readonly (true | string)[]): void => {
  const problems = verdicts
    .filter((verdict) => verdict !== true)
    .map((message): Problem => ({ code: "CHECK_FAILED", path: group.name, message, fix: "change the values that it is about" }));
  if (problems.length > 0) throw invalid(environment, problems);
};

const invalid = ({ type }: Environment, problems: readonly Problem[]) =>
  new SettingsError("SETTINGS_INVALID", `${type.charAt(0).toUpperCase()}${type.slice(1)} configuration errors:`, problems);

/** A value that several settings fall back to is told once. */
const distinct = (problems: readonly Problem[]): readonly Problem[] => [
  ...new Map(problems.map((problem) => [problem.message, problem])).values(),
];
