import { parseEnv } from "node:util";
import { parse as parseDotenv } from "dotenv";
import { inCircles, without } from "./cycles";
import { type Dialect, type Environment, type Expand, fileByFile, merged, ownOnly, type Values } from "./dialect";
import { expandBraces, pythonDotenv } from "./python";

const mapOf = (values: Readonly<Record<string, string | undefined>>): Values =>
  new Map(Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined));

const parse = (text: string): Values => mapOf(parseDotenv(text));

const parseNode = (text: string): Values => mapOf(parseEnv(text));

/** dotenv before version 15: a value ends with its line, and a comment must be on its own line. */
const parseOld = (text: string): Values =>
  new Map(
    text.split(/\r\n|\n|\r/).flatMap((line) => {
      const [, name, rest = ""] = /^\s*([\w.-]+)\s*=([^]*)$/.exec(line) ?? [];
      const value = rest.trimStart();
      // Its pattern ends at these, and then does not match.
      return name === undefined || /[\u2028\u2029]/.test(value) ? [] : [[name, unquotedOld(value)] as const];
    }),
  );

const unquotedOld = (text: string): string => {
  const quote = text[0];
  if ((quote !== '"' && quote !== "'") || text.length === 1 || !text.endsWith(quote)) return text.trim();
  const inner = text.slice(1, -1);
  return quote === '"' ? inner.replaceAll(String.raw`\n`, "\n") : inner;
};

/**
 * dotenv-expand from version 11.
 *
 * @param populated whether the file's variables are already in the process's environment, as after `dotenv.config()`. In Vite they are not.
 */
const expandWith =
  (populated: boolean): Expand =>
  (all, env) => {
    const values = without(all, inCircles(all, env, true));
    const expanded = new Map(populated ? [] : values);
    const lookUp = (name: string): string | undefined => env[name] ?? (populated ? values : expanded).get(name);
    for (const [name, value] of values) {
      const given = env[name] || value;
      setOrDelete(expanded, name, given === value ? resolved(value, lookUp, expanded) : given);
    }
    return expanded;
  };

/**
 * Counts the steps of a resolution. Some never end, in the library either: in the value of a reference, `$&` stands for the reference itself.
 *
 * @returns whether one more step may be made
 */
const limited = (): ((result: string) => boolean) => {
  let [steps, characters] = [0, 0];
  return ({ length }) => {
    steps += 1;
    characters += length;
    return steps <= MOST_STEPS && characters <= MOST_CHARACTERS;
  };
};

const MOST_STEPS = 20_000;
const MOST_CHARACTERS = 20_000_000;

/** A value that the library never finishes with is not read. */
const setOrDelete = (values: Map<string, string>, name: string, text: string | undefined): void => {
  if (text === undefined) values.delete(name);
  else values.set(name, unescaped(text));
};

/** Replaces the first reference, then continues with the result. */
const resolved = (text: string, lookUp: (name: string) => string | undefined, expanded: Values): string | undefined => {
  const seen = new Set<string>();
  const mayGoOn = limited();
  let result = text;
  while (mayGoOn(result)) {
    const [reference, braced, bare] = /(?<!\\)\$\{([^{}]+)\}|(?<!\\)\$([A-Za-z_]\w*)/.exec(result) ?? [];
    if (reference === undefined) return result;
    seen.add(result);
    const [, name = "", operator = "", operand = ""] = /^([^]*?)(?:(:?[+-])([^]*))?$/.exec(braced ?? bare ?? "") ?? [];
    const value = lookUp(name);
    const replaced = operator.endsWith("+") ? (value ? operand : "") : value && !seen.has(value) ? value : operand;
    result = result.replace(reference, replaced);
    if (result === expanded.get(name)) return result;
  }
  return undefined;
};

/**
 * dotenv-expand before version 11: replaces the last reference, then continues with the result.
 *
 * @param populated as for `expandWith`. In Next, which contains this version, they are not.
 */
const expandOldWith =
  (populated: boolean): Expand =>
  (all, env) => {
    const expanded = new Map(without(all, inCircles(all, env, false)));
    const own = populated ? ownOnly({ ...Object.fromEntries(expanded), ...env }) : env;
    for (const [name, value] of expanded) setOrDelete(expanded, name, resolvedFromEnd(own[name] ?? value, own, expanded));
    return expanded;
  };

const resolvedFromEnd = (text: string, env: Environment, expanded: Values): string | undefined => {
  const mayGoOn = limited();
  let result = text;
  while (mayGoOn(result)) {
    const start = lastDollar(result);
    const [reference, name = "", fallback] = start === -1 ? [] : (REFERENCE.exec(result.slice(start)) ?? []);
    if (reference === undefined) return result;
    // The library replaces the first occurrence, wherever it is.
    result = result.replace(reference, env[name] || fallback || expanded.get(name) || "");
  }
  return undefined;
};

const REFERENCE = /(?<!\\)\$\{?(\w+)(?::-([^}\\]*))?\}?/;

const lastDollar = (text: string): number => [...text.matchAll(/(?<!\\)\$/g)].at(-1)?.index ?? -1;

const unescaped = (text: string): string => text.replaceAll(String.raw`\$`, "$");

/** dotenv with references written only as `${NAME}`. */
export const dotenvWithBraces: Dialect = {
  name: "dotenv",
  read: fileByFile(parse, (values, env) => expandBraces(false)([...values], env)),
};

export const dotenv: Dialect = { name: "dotenv", read: fileByFile(parse) };
export const oldDotenv: Dialect = { name: "dotenv", read: fileByFile(parseOld) };
export const dotenvExpand: Dialect = { name: "dotenv-expand", read: fileByFile(parse, expandWith(true)) };
export const oldDotenvExpand: Dialect = { name: "dotenv-expand", read: fileByFile(parse, expandOldWith(true)) };
export const dotenvFlow: Dialect = { name: "dotenv-flow", read: fileByFile(parse) };
export const next: Dialect = { name: "Next", read: fileByFile(parse, expandOldWith(false)) };
export const node: Dialect = { name: "node --env-file", read: fileByFile(parseNode) };
export const vite: Dialect = { name: "Vite", read: merged(parseNode, expandWith(false)) };
export const viteBefore8: Dialect = { name: "Vite", read: merged(parse, expandWith(false)) };

/**
 * dotenvx has its own parser, which also runs commands. Only values on which all the libraries that it imitates agree are read: dotenvx agrees
 * too.
 */
export const dotenvx: Dialect = {
  name: "dotenvx",
  read: (files, env) => {
    const others = [dotenvExpand, pythonDotenv].map(({ read }) => read(files, env));
    const plain = [...dotenv.read(files, env)].filter(
      ([name, { value }]) => !value.includes("$(") && others.every((readings) => readings.get(name)?.value === value),
    );
    return new Map(plain);
  },
};
