import type { NamedVariable } from "../definition";
import { EndowError, type Problem } from "../errors";
import { areProvisioned, type ProvisionedValues } from "../local/provisioned-values";
import { ownValue } from "../internal/own-value";
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
   * Values provisioned by this environment's own servers, by setting id: written by `endow env > .env`, they still do not count as
   * supplied by the user. In a file they may be out of date; in the process's environment they must match exactly.
   */
  readonly own: Readonly<Record<string, ProvisionedValues>>;
  /**
   * Generated values of this environment, by setting id and variable: wherever `endow env` wrote them, they do not count as supplied either.
   * @default - none
   */
  readonly generated?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/**
 * Finds the value of every setting, in the process's environment first. An empty variable counts as unset.
 *
 * @throws EndowError `SUPPLIED_TWICE` if `NAME` and `NAME_FILE` are both given.
 */
export const readSupplied = ({ groups, env, files, own, generated = {} }: SuppliedRequest): Supplied => {
  const sources = [{ name: ENVIRONMENT, values: env }, ...files];
  const find = (name: string): Finding | undefined => {
    const source = sources.find(({ values }) => values[name]);
    return source && { name, text: source.values[name] ?? "", origin: source.name };
  };
  const found = groups
    .flatMap(({ definitions }) =>
      definitions.flatMap(({ id, variables, aliases }) => [variables, ...aliases].map((names) => ({ id, names }))),
    )
    .flatMap(({ id, names }) => {
      const found = findingsOf(names, find);
      return isProvisioned(found, ownValue(own, id)) || isGenerated(found, ownValue(generated, id)) ? [] : found;
    });
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

interface Finding {
  readonly name: string;
  readonly text: string;
  readonly origin: string;
}

const findingsOf = (
  variables: readonly NamedVariable[],
  find: (name: string) => Finding | undefined,
): ReadonlyArray<Finding & { readonly variable: NamedVariable }> =>
  variables.flatMap((variable) =>
    [variable.name, `${variable.name}_FILE`].flatMap((name) => {
      const finding = find(name);
      return finding ? [{ ...finding, variable }] : [];
    }),
  );

const isProvisioned = (found: readonly Finding[], own: ProvisionedValues | undefined): boolean =>
  own !== undefined &&
  areProvisioned(
    found.map(({ text }) => text),
    own.logins,
  ) &&
  found.every(({ name, origin, text }) => origin !== ENVIRONMENT || own.values[name] === text);

const isGenerated = (found: readonly Finding[], own: Readonly<Record<string, string>> | undefined): boolean =>
  own !== undefined && found.every(({ name, text }) => own[name] === text);

const suppliedTwice = (findings: ReadonlyArray<Finding & { readonly variable: NamedVariable }>): EndowError =>
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
