/** Shorter ones would be found in any sentence. */
const SHORTEST = 3;

/** Masks the values of variables in a text that is not ours: whole, by their lines, and the passwords of URLs. */
export const maskOf = (variables: Readonly<Record<string, string>>): ((text: string) => string) => {
  const secrets = Object.values(variables)
    .flatMap((value) => [value, ...value.split("\n"), ...passwordsOf(value)])
    .filter(({ length }) => length >= SHORTEST)
    .toSorted((a, b) => b.length - a.length);
  return (text) => secrets.reduce((masked, secret) => masked.replaceAll(secret, "***"), text);
};

const passwordsOf = (value: string): readonly string[] => {
  if (!URL.canParse(value)) return [];
  const { password } = new URL(value);
  try {
    return [password, decodeURIComponent(password)];
  } catch {
    // A percent sign that encodes nothing: then it stands there as it is.
    return [password];
  }
};
