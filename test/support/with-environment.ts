/** Sets variables of this process (`undefined` removes one) and returns a function that restores them. */
export const withEnvironment = (changes: Readonly<Record<string, string | undefined>>): (() => void) => {
  const before = Object.keys(changes).map((name) => [name, process.env[name]] as const);
  const set = (name: string, value: string | undefined) => {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  };
  for (const [name, value] of Object.entries(changes)) set(name, value);
  return () => {
    for (const [name, value] of before) set(name, value);
  };
};
