import { type Dialect, type Environment, fileByFile, ownOnly, type Values } from "./dialect";
import { linesIn } from "./lines";

/**
 * The simple part of docker compose's `env_file` rules: values on one line with plain references. Others are omitted, since compose does not run
 * the app's process: its reading only has to agree with the app's.
 */
const read = (text: string, env: Environment): Values => {
  const lines = linesIn(text);
  const values = new Map<string, string>();
  // Compose does not treat a backtick as a quote, so quoted text on several lines differs.
  if ([...lines.values()].some(({ written }) => /^`[^`]*$/.test(written.trim()))) return values;
  const isKnown = (name: string): boolean =>
    env[name] !== undefined || !lines.has(name) || (values.has(name) && lines.get(name)?.count === 1);
  const lookUp = (name: string): string => env[name] ?? values.get(name) ?? "";
  for (const [name, { written }] of lines) {
    const value = referencesIn(written).every(isKnown) ? valueOf(written.trim(), lookUp) : undefined;
    if (value !== undefined) values.set(name, value);
  }
  return values;
};

const referencesIn = (text: string): readonly string[] => [...text.matchAll(/\$\{?(\w+)/g)].map(([, name = ""]) => name);

type LookUp = (name: string) => string;

const valueOf = (written: string, lookUp: LookUp): string | undefined => {
  if (written.startsWith("'")) return /^'([^'\\]*)'$/.exec(written)?.[1];
  if (!written.startsWith('"')) return resolved(written.split(" #")[0]?.trimEnd() ?? "", lookUp);
  const inner = /^"((?:[^"\\]|\\["\\nrt])*)"$/.exec(written)?.[1];
  return inner === undefined ? undefined : resolved(unescaped(inner), lookUp);
};

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };

const unescaped = (text: string): string => text.replaceAll(/\\(.)/g, (_, letter: string) => ESCAPES[letter] ?? letter);

const resolved = (text: string, lookUp: LookUp): string | undefined => {
  if (/\$/.test(text.replaceAll(REFERENCE, ""))) return undefined;
  return text.replaceAll(REFERENCE, (found, bare: string | undefined, braced: string | undefined, fallback: string | undefined) =>
    found === "$$" ? "$" : lookUp(bare ?? braced ?? "") || (fallback ?? ""),
  );
};

const REFERENCE = /\$\$|\$([A-Za-z_]\w*)|\$\{([A-Za-z_]\w*)(?::-([^${}]*))?\}/g;

export const compose: Dialect = {
  name: "docker compose",
  read: (files, env) => fileByFile((text) => read(text, ownOnly(env)))(files, env),
};
