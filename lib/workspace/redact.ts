import { soundsSecret } from "../names";

/** Shorter ones would be found in any sentence. */
const SHORTEST = 4;

/** Masks values in texts that are not ours: of variables that sound secret, and of those that are a URL with a password. */
export const redactor = (variables: ReadonlyArray<readonly [string, string | undefined]>): ((text: string) => string) => {
  const secrets = variables
    .flatMap(([name, value]) => (value !== undefined && isSecret(name, value) ? [value, passwordOf(value) ?? ""] : []))
    .filter(({ length }) => length >= SHORTEST)
    .toSorted((a, b) => b.length - a.length);
  return (text) => secrets.reduce((masked, secret) => masked.replaceAll(secret, "***"), text);
};

const isSecret = (name: string, value: string): boolean => soundsSecret(name) || passwordOf(value) !== undefined;

const passwordOf = (value: string): string | undefined => (URL.canParse(value) && new URL(value).password) || undefined;
