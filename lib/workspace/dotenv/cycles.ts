import type { Environment, Values } from "./dialect";

/**
 * The variables whose references form a cycle or lead to one: some libraries never terminate on them.
 *
 * @param selfEnds whether the library terminates on a variable that refers to itself, if no other does
 */
export const inCircles = (values: Values, env: Environment, selfEnds: boolean): ReadonlySet<string> => {
  const circular = new Set<string>();
  const done = new Set<string>();
  const referencesOf = (name: string): ReadonlySet<string> =>
    new Set([...(env[name] ?? values.get(name) ?? "").matchAll(/\$\{?(\w+)/g)].map(([, reference = ""]) => reference));
  const visit = (name: string, path: readonly string[]): boolean => {
    if (circular.has(name) || path.includes(name)) return true;
    if (done.has(name)) return false;
    const found = [...referencesOf(name)].filter((reference) => {
      if (reference === name) return !selfEnds;
      return referencesOf(reference).has(reference) || visit(reference, [...path, name]);
    });
    (found.length > 0 ? circular : done).add(name);
    return found.length > 0;
  };
  for (const name of values.keys()) visit(name, []);
  return circular;
};

export const without = (values: Values, names: ReadonlySet<string>): Values => new Map([...values].filter(([name]) => !names.has(name)));
