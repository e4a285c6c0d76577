import type { Definition } from "../definition";
import type { EnvironmentType } from "../environment";
import type { Problem } from "../errors";
import type { Outcome } from "./rules";

/**
 * In production, two variables must not hold the same secret: anyone who can read one could read the other. A setting that shares another
 * one's value, through `fallback` or a common alias, is not reuse.
 */
export const reuseProblems = (outcomes: readonly Outcome[], type: EnvironmentType): readonly Problem[] => {
  if (type !== "production") return [];
  const originOf = origins(outcomes);
  const holders = new Map<string, { readonly name: string; readonly origin: string }>();
  return outcomes.flatMap((outcome) => {
    const origin = originOf(outcome.definition);
    return secretsOf(outcome).flatMap(([name, text]) => {
      const holder = holders.get(text) ?? { name, origin };
      holders.set(text, holder);
      return holder.name === name || holder.origin === origin ? [] : [reused(holder.name, name)];
    });
  });
};

/** Groups of settings that can share a value because it is delivered under each one's names: those linked by a fallback or a common alias. */
const origins = (outcomes: readonly Outcome[]): ((definition: Definition) => string) => {
  const parents = new Map<string, string>();
  const rootOf = (node: string): string => {
    const parent = parents.get(node);
    return parent === undefined ? node : rootOf(parent);
  };
  const link = (one: string, other: string) => {
    const [a, b] = [rootOf(one), rootOf(other)];
    if (a !== b) parents.set(a, b);
  };
  for (const { definition } of outcomes) {
    if (definition.fallback !== undefined) link(settingNode(definition.name), settingNode(definition.fallback));
    for (const { name } of definition.aliases.flat()) link(settingNode(definition.name), `variable ${name}`);
  }
  return ({ name }) => rootOf(settingNode(name));
};

const settingNode = (name: string): string => `setting ${name}`;

const secretsOf = ({ definition, gathered, value }: Outcome): ReadonlyArray<readonly [name: string, text: string]> => {
  // Two settings may point to the same resource, as DATABASE_URL and DIRECT_URL do.
  if (gathered.found !== "value" || definition.kind.server) return [];
  const secret = gathered.variables.filter((variable) => variable.secret);
  const { secrets } = definition.kind;
  if (!secrets) return secret.flatMap(({ name, field }) => textOf(name, gathered.texts[field]));
  return value === undefined ? [] : secrets(value).flatMap((text) => textOf(secret[0]?.name ?? "", text));
};

const textOf = (name: string, text: string | undefined) => (text === undefined ? [] : [[name, text] as const]);

const reused = (holder: string, name: string): Problem => ({
  code: "SETTING_REUSED",
  path: name,
  message: `${holder} and ${name} hold the same secret, which production refuses`,
  fix: `give ${name} its own secret, or unset it and declare the setting with { fallback } if the two are meant to be the same`,
});
