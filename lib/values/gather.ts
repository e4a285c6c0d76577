import { readFileSync } from "node:fs";
import type { Definition, NamedVariable } from "../definition";
import type { Env } from "../environment";
import { codeOf, type Problem } from "../errors";
import { listed } from "../internal/listed";
import { ownValue } from "../internal/own-value";
import type { VariableTexts } from "../kind";
import { areAmbient, completenessOf } from "./forms";

/** The values that a store holds for a group, as text by variable. */
export type StoredValues = Readonly<Record<string, string>>;

/** The same of each group. */
export type Entries = ReadonlyMap<string, StoredValues>;

/** The result for one setting: its text by field with the source's variables, nothing, or problems. */
export type Gathered =
  | { readonly found: "value"; readonly texts: VariableTexts; readonly variables: readonly NamedVariable[] }
  | { readonly found: "nothing" }
  | { readonly found: "problems"; readonly problems: readonly Problem[] };

const NOTHING: Gathered = { found: "nothing" };

/**
 * Finds the texts of every setting. For each, one source supplies all of them or none, in this order: its own variables (`NAME` or
 * `NAME_FILE`), the entries of its group's store, each alias in turn in the same two places, the setting it falls back to.
 */
export const gather = (definitions: readonly Definition[], env: Env, entries: Entries): ReadonlyMap<Definition, Gathered> => {
  const own = new Map(definitions.map((definition) => [definition, fromSources(definition, env, entries.get(definition.group) ?? {})]));
  const byName = new Map(definitions.map((definition) => [definition.name, definition]));
  const resolve = (definition: Definition): Gathered => {
    const gathered = own.get(definition) ?? NOTHING;
    const next = definition.fallback === undefined ? undefined : byName.get(definition.fallback);
    return gathered.found === "nothing" && next ? resolve(next) : gathered;
  };
  return new Map(definitions.map((definition) => [definition, resolve(definition)]));
};

const fromSources = (definition: Definition, env: Env, entries: StoredValues): Gathered => {
  for (const variables of [definition.variables, ...definition.aliases]) {
    const given = fromVariables(variables, definition.files, env);
    const gathered = given.found === "nothing" ? fromEntries(variables, entries) : given;
    if (gathered.found !== "nothing") return gathered;
  }
  return NOTHING;
};

const fromEntries = (variables: readonly NamedVariable[], entries: StoredValues): Gathered =>
  complete(variables, new Map(variables.flatMap(({ name }) => present(name, ownValue(entries, name)))));

/** An empty variable counts as unset. */
const present = (name: string, text: string | undefined): readonly (readonly [string, string])[] =>
  text === undefined || text === "" ? [] : [[name, text]];

const fromVariables = (variables: readonly NamedVariable[], files: boolean, env: Env): Gathered => {
  const texts = new Map<string, string>();
  const problems: Problem[] = [];
  for (const { name } of variables) {
    const [direct] = present(name, env[name]);
    const [file] = files ? present(`${name}_FILE`, env[`${name}_FILE`]) : [];
    if (direct && file)
      problems.push({ code: "SETTING_TWICE", path: name, message: `${name} and ${name}_FILE are both set`, fix: "unset one of them" });
    else if (direct) texts.set(name, direct[1]);
    else if (file) {
      const read = readText(name, file[1]);
      if (typeof read === "string") present(name, read).forEach(([, text]) => texts.set(name, text));
      else problems.push(read);
    }
  }
  if (problems.length > 0) return { found: "problems", problems };
  return areAmbient(variables.filter(({ name }) => texts.has(name))) ? NOTHING : complete(variables, texts);
};

const readText = (name: string, file: string): string | Problem => {
  try {
    return readFileSync(file, "utf8").replace(/\r?\n$/, "");
  } catch (error) {
    return {
      code: "SETTING_FILE",
      path: `${name}_FILE`,
      message: `${name}_FILE names a file that cannot be read (${codeOf(error) ?? "unknown"})`,
      fix: "correct the path, or grant this process read access",
    };
  }
};

const complete = (variables: readonly NamedVariable[], texts: ReadonlyMap<string, string>): Gathered => {
  const completeness = completenessOf(variables, (name) => texts.has(name));
  if (!completeness) return NOTHING;
  const set = variables.filter(({ name }) => texts.has(name));
  if (!completeness.complete) return { found: "problems", problems: [incomplete(completeness.missing, set[0]?.name ?? "")] };
  const byField = new Map<string, NamedVariable>();
  const problems: Problem[] = [];
  for (const variable of set) {
    const known = byField.get(variable.field) ?? variable;
    byField.set(variable.field, known);
    if (texts.get(known.name) !== texts.get(variable.name)) problems.push(different(known.name, variable.name));
  }
  if (problems.length > 0) return { found: "problems", problems };
  const found = [...byField.values()];
  const others = variables.filter(({ field }) => !byField.has(field));
  const byFields = Object.fromEntries(found.map(({ field, name }) => [field, texts.get(name) ?? ""]));
  return { found: "value", texts: byFields, variables: [...found, ...others] };
};

const incomplete = (missing: readonly string[], given: string): Problem => ({
  code: "SETTING_INCOMPLETE",
  path: missing[0] ?? "",
  message: `${listed(missing)} must be set too, because ${given} is`,
  fix: "set all of them in one place, or none",
});

const different = (one: string, other: string): Problem => ({
  code: "SETTING_DIFFERS",
  path: other,
  message: `${one} and ${other} have different values, but both name the same value`,
  fix: "unset one of them, or set both to the same value",
});
