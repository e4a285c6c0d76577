import { maskOf, passwordsOf } from "../mask";
import { soundsSecret } from "../names";

/** Masks values in texts that are not ours: of variables that sound secret, and of those that are a URL with a password. */
export const redactor = (variables: ReadonlyArray<readonly [string, string | undefined]>): ((text: string) => string) =>
  maskOf(variables.flatMap(([name, value]) => (value !== undefined && isSecret(name, value) ? [value] : [])));

const isSecret = (name: string, value: string): boolean => soundsSecret(name) || passwordsOf(value).length > 0;
