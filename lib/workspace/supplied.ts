import { acceptedVariables, type NamedVariable } from "../definition";
import { EndowError, type Problem } from "../errors";
import type { Recognize } from "../local/fingerprints";
import type { Group } from "../settings";
import { areAmbient } from "../values/forms";
import type { Dotenv } from "./dotenv/dotenv";

/** Values that the user supplies for settings, by variable, under the settings' own names and their aliases. */
export interface Supplied {
  /** As found; a value kept in a file is under `NAME_FILE`, for the app to read. */
  readonly values: Readonly<Record<string, string>>;
  /** Source by the same names: `environment`, or `.env line 3`. */
  readonly origins: Readonly<Record<string, string>>;
  /** Names whose value is in a dotenv file. */
  readonly inFiles: ReadonlySet<string>;
  /** Names that the app's own library reads from there, so that it also applies its other files' precedence. */
  readonly readByApp: ReadonlySet<string>;
  /** As `plan()` expects it: under the variable's name, `true` if the value is secret or in a file. */
  readonly planned: Readonly<Record<string, string | true>>;
}

export interface SuppliedRequest {
  readonly groups: readonly Group[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** No files outside development. */
  readonly dotenv: Pick<Dotenv, "find">;
  /**
   * Recognizes values that this environment made itself: written by `endow env > .env`, they do not count as supplied by the user. In a file they
   * may be out of date; in the process's environment they must be the latest.
   */
  readonly recognize: Recognize;
}

/**
 * Finds the value of every setting, in the process's environment first. An empty variable counts as unset.
 *
 * @throws EndowError `DOTENV_AMBIGUOUS`, `DOTENV_ENCRYPTED`, `DOTENV_INVALID`, `DOTENV_REFERENCE`, `SUPPLIED_TWICE` if `NAME` and `NAME_FILE` are both given.
 */
export const readSupplied = ({ groups, env, dotenv, recognize }: SuppliedRequest): Supplied => {
  const problems = new Map<string, Problem>();
  const declared = new Set(groups.flatMap(({ definitions }) => definitions.flatMap(acceptedVariables)).map(({ name }) => name));
  const find = (name: string): Finding | undefined => {
    if (env[name]) return { name, text: env[name], origin: ENVIRONMENT, inFile: false, readByApp: false };
    const value = dotenv.find(name);
    if (value === undefined || !("text" in value)) return void (value && problems.set(name, value));
    const { text, file, line, readByApp } = value;
    const absent = value.refersTo.find((other) => other !== name && declared.has(other) && !env[other] && dotenv.find(other) === undefined);
    if (absent !== undefined) return void problems.set(name, unresolved(name, `${file}:${line}`, absent));
    return text === "" ? undefined : { name, text, origin: `${file} line ${line}`, inFile: true, readByApp };
  };
  const found = groups
    .flatMap(({ definitions }) =>
      definitions.flatMap(({ id, formerly, variables, aliases, derived }) => {
        const isOwn = isOwnFor([id, ...formerly], recognize);
        return [variables, ...aliases, ...derived.map((one) => [one])].map((names) => ({ names, isOwn }));
      }),
    )
    .flatMap(({ names, isOwn }) => findingsOf(names, find, isOwn));
  if (problems.size > 0) throw notReadable([...problems.values()]);
  const names = new Set(found.map(({ name }) => name));
  const twice = found.filter(({ name, variable }) => name !== variable.name && names.has(variable.name));
  if (twice.length > 0) throw suppliedTwice(twice);
  return {
    values: Object.fromEntries(found.map(({ name, text }) => [name, text])),
    origins: Object.fromEntries(found.map(({ name, origin }) => [name, origin])),
    inFiles: new Set(found.filter(({ inFile }) => inFile).map(({ name }) => name)),
    readByApp: new Set(found.filter(({ readByApp }) => readByApp).map(({ name }) => name)),
    planned: Object.fromEntries(
      found.map(({ name, text, variable }) => [variable.name, variable.secret || name !== variable.name ? true : text]),
    ),
  };
};

const ENVIRONMENT = "environment";

type Named = Pick<NamedVariable, "name" | "secret" | "ambient">;

interface Finding {
  readonly name: string;
  readonly text: string;
  readonly origin: string;
  readonly inFile: boolean;
  readonly readByApp: boolean;
}

const findingsOf = (
  variables: readonly Named[],
  find: (name: string) => Finding | undefined,
  isOwn: (findings: readonly Finding[]) => boolean,
): ReadonlyArray<Finding & { readonly variable: Named }> => {
  const found = variables.flatMap((variable) =>
    [variable.name, `${variable.name}_FILE`].flatMap((name) => {
      const finding = find(name);
      return finding ? [{ ...finding, variable }] : [];
    }),
  );
  return isOwn(found) || areAmbient(found.map(({ variable }) => variable)) ? [] : found;
};

/** Whether endow made all of a setting's values; otherwise all count as the user's. */
const isOwnFor =
  (ids: readonly string[], recognize: Recognize) =>
  (findings: readonly Finding[]): boolean =>
    findings.every(({ name, origin, text }) => {
      const found = recognize(ids, name, text);
      return found === "latest" || (found === "earlier" && origin !== ENVIRONMENT);
    });

/** A library would read the variable as empty, or as its value when the app runs. */
const unresolved = (name: string, path: string, other: string): Problem => ({
  code: "DOTENV_REFERENCE",
  path,
  message: `${name} (${path}) refers to ${other}, which has no value until the app runs`,
  fix: `delete the line and compose ${name} in the settings file with \`derive\`, or supply ${other} as well`,
});

const notReadable = (problems: readonly Problem[]): EndowError => {
  const [first] = problems.toSorted((one, other) => one.code.localeCompare(other.code));
  return new EndowError(first?.code ?? "DOTENV_INVALID", "The values on these lines cannot be used:", problems);
};

const suppliedTwice = (findings: ReadonlyArray<Finding & { readonly variable: Named }>): EndowError =>
  new EndowError(
    "SUPPLIED_TWICE",
    "These values are supplied twice:",
    findings.map(({ name, origin, variable }): Problem => ({
      code: "SUPPLIED_TWICE",
      path: variable.name,
      message: `${variable.name} and ${name} (${origin}) are both set`,
      fix: "remove one of them",
    })),
  );
