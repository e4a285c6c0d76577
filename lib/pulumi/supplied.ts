import { Config, output, secret, type Output } from "@pulumi/pulumi";
import { acceptedVariables, type NamedVariable } from "../definition";
import type { Problem } from "../errors";
import type { MissingValue, PlanRequest } from "../plan";
import type { Group } from "../settings";
import { isConfigSecret } from "./sdk-internals";

/** The values in the stack's configuration, by variable. */
export interface Configured {
  /** In the form that `plan()` takes. */
  readonly planned: NonNullable<PlanRequest["supplied"]>;
  readonly outputs: Readonly<Record<string, Output<string>>>;
  /** As text, for the checks of `load()`. Includes secrets. */
  readonly texts: Readonly<Record<string, string>>;
  /** Secrets stored in plaintext. */
  readonly problems: readonly Problem[];
}

/** Reads values such as `<project>:DATABASE_URL`, under each setting's own, alias and derived names. An empty value counts as absent. */
export const readConfiguration = (groups: readonly Group[]): Configured => {
  const config = new Config();
  const found = variablesOf(groups).flatMap((variable) => {
    const text = config.get(variable.name);
    return text === undefined || text === "" ? [] : [{ variable, text, encrypted: isConfigSecret(`${config.name}:${variable.name}`) }];
  });
  return {
    planned: Object.fromEntries(found.map(({ variable, text, encrypted }) => [variable.name, variable.secret || encrypted ? true : text])),
    outputs: Object.fromEntries(found.map(({ variable, text, encrypted }) => [variable.name, encrypted ? secret(text) : output(text)])),
    texts: Object.fromEntries(found.map(({ variable, text }) => [variable.name, text])),
    problems: found
      .filter(({ variable, encrypted }) => variable.secret && !encrypted)
      .map(({ variable: { name } }) => ({
        code: "SUPPLIED_IN_CLEAR",
        path: name,
        message: `${name} is secret, but is stored in plaintext in the stack's configuration`,
        fix: `treat it as leaked: rotate it, then run \`pulumi config set --secret ${name}\``,
      })),
  };
};

const variablesOf = (groups: readonly Group[]): ReadonlyArray<Pick<NamedVariable, "name" | "secret">> => {
  const variables = groups
    .flatMap(({ definitions }) => definitions)
    .flatMap((definition) => [...acceptedVariables(definition), ...definition.derived]);
  return [...new Map(variables.map((variable) => [variable.name, variable])).values()];
};

/** Missing values, each with the commands that set it. */
export const missingConfiguration = (missing: readonly MissingValue[], groups: readonly Group[]): readonly Problem[] => {
  const secrets = new Set(variablesOf(groups).flatMap(({ name, secret }) => (secret ? [name] : [])));
  return missing.map(({ setting, variables, message }) => ({
    code: "SETTING_MISSING",
    path: setting,
    message,
    fix: variables.map((name) => `pulumi config set${secrets.has(name) ? " --secret" : ""} ${name}`).join("; "),
  }));
};
