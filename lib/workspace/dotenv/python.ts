import { type Dialect, type Environment, type Expand, fileByFile, ownOnly, type Values } from "./dialect";

/** White space of Python's `\s` and `str.strip()`. */
const SPACE = String.raw`[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]`;
const BLANK = String.raw`[\t\v\f\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]`;

const strip = (text: string): string => rstrip(text.replace(new RegExp(`^${SPACE}+`), ""));

const rstrip = (text: string): string => {
  let end = text.length;
  while (end > 0 && IS_SPACE.test(text[end - 1] ?? "")) end -= 1;
  return text.slice(0, end);
};

const IS_SPACE = new RegExp(SPACE);

/** Python opens text files with universal newlines. */
const withNewlines = (text: string): string => text.replaceAll(/\r\n?/g, "\n");

// --- python-dotenv

const sticky = (source: string): RegExp => new RegExp(source, "y");

const GAP = sticky(`${SPACE}*`);
const EXPORT = sticky(`(?:export${BLANK}+)?`);
const QUOTED_NAME = sticky("'([^']+)'");
const NAME = sticky(String.raw`((?:(?!${SPACE})[^=#])+)`);
const BLANKS = sticky(`${BLANK}*`);
const EQUALS = sticky(`=${BLANK}*`);
const SINGLE = sticky(String.raw`'((?:\\'|[^'])*)'`);
const DOUBLE = sticky(String.raw`"((?:\\"|[^"])*)"`);
const REST = sticky(String.raw`([^\n]*)`);
const COMMENT = sticky(`(?:${BLANK}*#[^\\n]*)?`);
const COMMENTED = new RegExp(`(?<=${SPACE})#.*`, "s");
const END = sticky(`${BLANK}*(?:\\n|$)`);
const LINE = sticky(String.raw`[^\n]*\n?`);

const ESCAPES: Readonly<Record<string, string>> = { a: "\u0007", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" };

const unescape = (text: string, escapes: RegExp): string => text.replaceAll(escapes, (_, letter: string) => ESCAPES[letter] ?? letter);

/** In file order. A name without `=` has no value: `null`. */
type Bindings = ReadonlyArray<readonly [name: string, value: string | null]>;

const parse = (text: string): Bindings => {
  const source = withNewlines(text);
  const bindings: (readonly [string, string | null])[] = [];
  let position = 0;
  /** Moves past a pattern. Returns its group, or `undefined` if it does not match. */
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = position;
    const match = pattern.exec(source);
    if (match === null) return undefined;
    position = pattern.lastIndex;
    return match[1] ?? match[0];
  };
  const value = (): string | undefined => {
    const first = source[position];
    if (first === "'") return decoded(take(SINGLE), /\\([\\'])/g);
    if (first === '"') return decoded(take(DOUBLE), /\\([\\'"abfnrtv])/g);
    return rstrip((take(REST) ?? "").replace(COMMENTED, ""));
  };
  const binding = (): boolean => {
    take(EXPORT);
    const first = source[position];
    const name = first === "#" ? "#" : take(first === "'" ? QUOTED_NAME : NAME);
    if (name === undefined) return false;
    take(BLANKS);
    const given = take(EQUALS) === undefined ? null : value();
    if (given === undefined) return false;
    take(COMMENT);
    if (take(END) === undefined) return false;
    if (first !== "#") bindings.push([name, given]);
    return true;
  };
  for (take(GAP); position < source.length; take(GAP)) if (!binding()) take(LINE);
  return bindings;
};

const decoded = (text: string | undefined, escapes: RegExp): string | undefined =>
  text === undefined ? undefined : unescape(text, escapes);

/** @param fileFirst whether references see the file's values before those of the process */
export const expandBraces =
  (fileFirst: boolean) =>
  (bindings: Bindings, env: Environment): Values => {
    const known = new Map<string, string | null>();
    const lookUp = (name: string, fallback: string): string => {
      const own = env[name];
      const inFile = known.get(name);
      if (fileFirst) return known.has(name) ? (inFile ?? "") : (own ?? fallback);
      return own ?? (known.has(name) ? (inFile ?? "") : fallback);
    };
    const withReferences = (text: string): string => {
      // Nothing after the last brace can be a reference; searching there takes quadratic time.
      const end = text.lastIndexOf("}") + 1;
      const start = text
        .slice(0, end)
        .replaceAll(/\$\{([^}:]*)(?::-([^}]*))?\}/g, (_, name: string, fallback: string | undefined) => lookUp(name, fallback ?? ""));
      return start + text.slice(end);
    };
    for (const [name, value] of bindings) known.set(name, value === null ? null : withReferences(value));
    return new Map([...known].filter((entry): entry is [string, string] => entry[1] !== null));
  };

const pythonDotenvRead =
  (fileFirst: boolean): Dialect["read"] =>
  (files, env) =>
    new Map(
      files
        .toReversed()
        .flatMap(({ name: file, text }) =>
          [...expandBraces(fileFirst)(parse(text), ownOnly(env))].map(([name, value]) => [name, { file, value }] as const),
        ),
    );

// --- python-decouple

const parseDecouple = (text: string): Values =>
  new Map(
    withNewlines(text)
      .split("\n")
      .map(strip)
      .flatMap((line) => {
        const equals = line.indexOf("=");
        return line.startsWith("#") || equals === -1
          ? []
          : [[strip(line.slice(0, equals)), withoutQuotes(strip(line.slice(equals + 1)))] as const];
      }),
  );

const withoutQuotes = (text: string): string => {
  const quote = text[0];
  return (quote === '"' || quote === "'") && text.length > 1 && text.endsWith(quote) ? text.slice(1, -1) : text;
};

// --- django-environ

/** Line ends of Python's `str.splitlines()`. */
const LINE_BREAK = new RegExp(String.raw`\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]`);

const parseEnviron = (text: string): Values =>
  new Map(
    text.split(LINE_BREAK).flatMap((line) => {
      const [, name, value] = /^(?:export )?(\w+)=(.*)$/s.exec(line) ?? [];
      return name === undefined || value === undefined ? [] : [[name, environValue(value)] as const];
    }),
  );

const environValue = (text: string): string => {
  const value = /^'(.*)'$/s.exec(text)?.[1] ?? text;
  const inner = /^"(.*)"$/s.exec(value)?.[1];
  return inner?.replaceAll(/\\(.)/g, (whole, letter: string) => ("rnt".includes(letter) ? whole : letter)) ?? value;
};

/** A value that starts with `$` names another variable. */
const expandEnviron: Expand = (values, env) => {
  const resolve = (first: string, start: string): string | undefined => {
    const seen = new Set<string>();
    let [name, value]: [string, string | undefined] = [first, start];
    while (value?.startsWith("$")) {
      if (seen.has(name)) return undefined;
      seen.add(name);
      name = value.replace(/^\$+/, "");
      value = env[name] ?? values.get(name);
    }
    return value;
  };
  return new Map(
    [...values].flatMap(([name, value]) => {
      const found = resolve(name, value);
      return found === undefined ? [] : [[name, found] as const];
    }),
  );
};

export const pythonDotenv: Dialect = { name: "python-dotenv", read: pythonDotenvRead(false) };
export const pydanticSettings: Dialect = { name: "pydantic-settings", read: pythonDotenvRead(true) };
export const environs: Dialect = { name: "environs", read: pythonDotenvRead(true) };
export const decouple: Dialect = { name: "python-decouple", read: fileByFile(parseDecouple) };
export const djangoEnviron: Dialect = { name: "django-environ", read: fileByFile(parseEnviron, expandEnviron) };
