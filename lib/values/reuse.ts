import type { EnvironmentType } from "../environment";
import type { Problem } from "../errors";
import type { Outcome } from "./rules";

/**
 * In production, two variables must not hold the same secret: anyone who can read one could read the other. A setting that shares another
 * one's variable, through `fallback` or a common alias, is not a reuse.
 */
export const reuseProblems = (outcomes: readonly Outcome[], type: EnvironmentType): readonly Problem[] => {
  if (type !== "production") return [];
  const holders = new Map<string, string>();
  return outcomes.flatMap(secretsOf).flatMap(([name, text]) => {
    const holder = holders.get(text) ?? name;
    holders.set(text, holder);
    return holder === name ? [] : [reused(holder, name)];
  });
};

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
