import { groupBy } from "../../internal/group-by";
import type { Environment, Values } from "./dialect";

/**
 * The variables whose references form a cycle or lead to one: some libraries never terminate on them.
 *
 * @param selfEnds whether the library terminates on a variable that refers to itself, if no other does
 */
export const inCircles = (values: Values, env: Environment, selfEnds: boolean): ReadonlySet<string> => {
  const references = referencesIn(values, env);
  const toOthers = [...references].flatMap(([name, all]) => [...all].flatMap((other) => (other === name ? [] : [{ name, other }])));
  const users = groupBy(toOthers, ({ other }) => other);
  /** How many of a variable's references have not been found to end. */
  const open = new Map([...references.keys()].map((name) => [name, references.get(name)?.has(name) && !selfEnds ? Infinity : 0]));
  for (const { name, other } of toOthers) open.set(name, (open.get(name) ?? 0) + (references.get(other)?.has(other) ? Infinity : 1));
  const ending = [...open].flatMap(([name, count]) => (count === 0 ? [name] : []));
  // Grows on the way. A recursion could go too deep: each line of a file may refer to the next one.
  for (const name of ending)
    for (const user of users.get(name) ?? []) {
      const count = (open.get(user.name) ?? 0) - 1;
      open.set(user.name, count);
      if (count === 0) ending.push(user.name);
    }
  const ended = new Set(ending);
  return new Set([...open.keys()].filter((name) => !ended.has(name)));
};

/** The names that each variable refers to: those of the file, and those of the process that they refer to. */
const referencesIn = (values: Values, env: Environment): ReadonlyMap<string, ReadonlySet<string>> => {
  const found = new Map<string, ReadonlySet<string>>();
  const names = [...values.keys()];
  for (const name of names) {
    if (found.has(name)) continue;
    const text = env[name] ?? values.get(name) ?? "";
    const own = new Set([...text.matchAll(/\$\{?(\w+)/g)].map(([, reference = ""]) => reference));
    found.set(name, own);
    for (const reference of own) names.push(reference);
  }
  return found;
};

export const without = (values: Values, names: ReadonlySet<string>): Values => new Map([...values].filter(([name]) => !names.has(name)));
