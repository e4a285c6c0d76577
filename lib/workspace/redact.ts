import { maskOf, passwordsOf } from "../mask";
import { soundsSecret } from "../names";

/** Masks secrets in third-party messages: values of variables with a secret-sounding name, and URLs with a password. */
export const redactor = (variables: ReadonlyArray<readonly [string, string | undefined]>): ((text: string) => string) =>
  maskOf(variables.flatMap(([name, value]) => (value !== undefined && isSecret(name, value) ? [value] : [])));

const isSecret = (name: string, value: string): boolean => soundsSecret(name) || passwordsOf(value).length > 0;
