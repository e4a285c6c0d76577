import type { NamedVariable } from "../definition";
import { EndowError, type Problem } from "../errors";
import type { Recognize } from "../local/fingerprints";
import type { Group } from "../settings";
import type { DotenvFile } from "./dotenv";

/** Values that the user supplies for settings, by variable, under the settings' own names and their aliases. */
export interface Supplied {
  /** As found; a value kept in a file is under `NAME_FILE`, for the app to read. */
  readonly values: Readonly<Record<string, string>>;
  /** Source by the same names: `environment`, `.env.local` or `.env`. */
  readonly origins: Readonly<Record<string, string>>;
  /** As `plan()` expects it: under the variable's name, `true` if the value is secret or in a file. */
  readonly planned: Readonly<Record<string, string | true>>;
}

export interface SuppliedRequest {
  readonly groups: readonly Group[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Empty outside development. */
  readonly files: readonly DotenvFile[];
  /**
   * Recognizes values that this environment made itself: written by `endow env > .env`, they still do not count as supplied by the user. In a
   * file they may be out of date; in the process's environment they must be the latest ones.
   */
  readonly recognize: Recognize;
}

/**
 * Finds the value of every setting, in the process's environment first. An empty variable counts as unset.
 *
 * @throws EndowError `SUPPLIED_TWICE` if `NAME` and `NAME_FILE` are both given.
 */
export const readSupplied = ({ groups, env, files, recognize }: SuppliedRequest): Supplied => {
  const sources = [{ name: ENVIRONMENT, values: env }, ...files];
  const find = (name: string): Finding | undefined => {
    const source = sources.find(({ values }) => values[name]);
    return source && { name, text: source.values[name] ?? "", origin: source.name };
  };
  const found = groups
    .flatMap(({ definitions }) =>
      definitions.flatMap(({ id, formerly, variables, aliases, derived }) => {
        const isOwn = isOwnFor([id, ...formerly], recognize);
        return [variables, ...aliases, ...derived.map((one) => [one])].map((names) => ({ names, isOwn }));
      }),
    )
    .flatMap(({ names, isOwn }) => findingsOf(names, find, isOwn));
  const names = new Set(found.map(({ name }) => name));
  const twice = found.filter(({ name, variable }) => name !== variable.name && names.has(variable.name));
  if (twice.length > 0) throw suppliedTwice(twice);
  return {
    values: Object.fromEntries(found.map(({ name, text }) => [name, text])),
    origins: Object.fromEntries(found.map(({ name, origin }) => [name, origin])),
    planned: Object.fromEntries(
      found.map(({ name, text, variable }) => [variable.name, variable.secret || name !== variable.name ? true : text]),
    ),
  };
};

const ENVIRONMENT = "environment";

type Named = Pick<NamedVariable, "name" | "secret">;

interface Finding {
  readonly name: string;
  readonly text: string;
  readonly origin: string;
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
  return isOwn(found) ? [] : found;
};

/** Whether all values were made for a setting; a value that is not makes the others the user's, too. */
const isOwnFor =
  (ids: readonly string[], recognize: Recognize) =>
  (findings: readonly Finding[]): boolean =>
    findings.every(({ name, origin, text }) => {
      const found = recognize(ids, name, text);
      return found === "latest" || (found === "earlier" && origin !== ENVIRONMENT);
    });

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
