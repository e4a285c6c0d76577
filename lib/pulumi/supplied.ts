import { Config, output, secret, type Output } from "@pulumi/pulumi";
import { acceptedVariables, type NamedVariable } from "../definition";
import type { Problem } from "../errors";
import type { MissingValue, PlanRequest } from "../plan";
import type { Group } from "../settings";
import { isConfigSecret } from "./sdk-internals";

/** What a person has put into the stack's configuration, by variable. */
export interface Configured {
  /** As `plan()` wants it. */
  readonly planned: NonNullable<PlanRequest["supplied"]>;
  readonly outputs: Readonly<Record<string, Output<string>>>;
  /** As text, for the checks of `load()`. Secrets among them. */
  readonly texts: Readonly<Record<string, string>>;
  /** Secrets in plain configuration. */
  readonly problems: readonly Problem[];
}

/** Reads `<project>:DATABASE_URL` and the like, under each setting's own names and its aliases. An empty value is none. */
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
        message: `${name} is secret, and is stored in plaintext in the stack's configuration`,
        fix: `treat it as leaked: rotate it, then run \`pulumi config set --secret ${name}\``,
      })),
  };
};

const variablesOf = (groups: readonly Group[]): readonly NamedVariable[] => {
  const variables = groups.flatMap(({ definitions }) => definitions).flatMap(acceptedVariables);
  return [...new Map(variables.map((variable) => [variable.name, variable])).values()];
};

/** Each with the commands that supply it. */
export const missingConfiguration = (missing: readonly MissingValue[], groups: readonly Group[]): readonly Problem[] => {
  const secrets = new Set(variablesOf(groups).flatMap(({ name, secret }) => (secret ? [name] : [])));
  return missing.map(({ setting, variables, message }) => ({
    code: "SETTING_MISSING",
    path: setting,
    message,
    fix: variables.map((name) => `pulumi config set${secrets.has(name) ? " --secret" : ""} ${name}`).join("; "),
  }));
};
