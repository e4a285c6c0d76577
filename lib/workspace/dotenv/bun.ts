import { type Dialect, type Environment, fileByFile, type Values } from "./dialect";

const SPACES = "\t\v\f \n\r";
const NAME = /[\w.-]+/y;

/** bun's own parser: like dotenv's, but a closing quote must end the line or precede a comment. */
const parse = (text: string): Values => {
  const values = new Map<string, string>();
  let position = 0;
  const skipSpaces = (): void => {
    while (position < text.length && SPACES.includes(text[position] ?? "")) position += 1;
  };
  const word = (): string | undefined => {
    NAME.lastIndex = position;
    const found = NAME.exec(text)?.[0];
    position += found?.length ?? 0;
    return found;
  };
  /** Moves past `NAME =`, if present. */
  const name = (mayExport: boolean): string | undefined => {
    const start = position;
    const found = word();
    const end = position;
    skipSpaces();
    if (found === "export" && mayExport && position > end) {
      const exported = name(false);
      if (exported !== undefined) return exported;
    }
    const isYaml = text[position] === ":" && SPACES.includes(text[position + 1] ?? "none");
    if (found !== undefined && (text[position] === "=" || isYaml)) {
      position += isYaml ? 2 : 1;
      return found;
    }
    position = start;
    return undefined;
  };
  const unquoted = (start: number): string => {
    const length = text.slice(start).search(/[#\r\n]/);
    position = length === -1 ? text.length : start + length;
    return trimmed(text.slice(start, position));
  };
  while (position < text.length) {
    skipSpaces();
    const found = name(true);
    if (found === undefined) {
      const length = text.slice(position).search(/[\n\r]/);
      position = length === -1 ? text.length : position + length + 1;
      continue;
    }
    const start = position;
    skipSpaces();
    const end = quoteEnd(text, position);
    if (end === undefined) values.set(found, unquoted(start));
    else {
      values.set(found, decoded(text.slice(position + 1, end), text[position] ?? ""));
      position = end + 1;
      skipSpaces();
    }
  }
  return values;
};

const trimmed = (text: string): string => {
  let [start, end] = [0, text.length];
  while (start < end && SPACES.includes(text[start] ?? "")) start += 1;
  while (end > start && SPACES.includes(text[end - 1] ?? "")) end -= 1;
  return text.slice(start, end);
};

/** Index of the quote that closes the one at `start`; `undefined` if there is no quote at `start`, or it is never closed. */
const quoteEnd = (text: string, start: number): number | undefined => {
  const quote = text[start];
  if (quote !== '"' && quote !== "'" && quote !== "`") return undefined;
  for (let end = start + 1; end < text.length; end += text[end] === "\\" ? 2 : 1) if (text[end] === quote) return end;
  return undefined;
};

const decoded = (text: string, quote: string): string => {
  if (quote !== '"') return text.replaceAll(/\r\n?/g, "\n");
  return text.replaceAll(/\\[^]|\r\n?/g, (found) => {
    if (found.startsWith("\r")) return "\n";
    return found === String.raw`\n` ? "\n" : found === String.raw`\r` ? "\r" : found;
  });
};

/** In file order: a reference sees the values expanded so far. */
const expand = (values: Values, env: Environment): Values => {
  const known = new Map(values);
  for (const [name, value] of values)
    known.set(
      name,
      withReferences(value, (key) => env[key] ?? known.get(key)),
    );
  return known;
};

const withReferences = (text: string, lookUp: (name: string) => string | undefined): string => {
  let position = 0;
  /** Moves past text up to one of these characters. */
  const upTo = (ends: string): string => {
    let result = "";
    while (position < text.length && !ends.includes(text[position] ?? "")) result += text[position] === "$" ? reference() : literal();
    return result;
  };
  const literal = (): string => {
    const escaped = text.startsWith(String.raw`\$`, position);
    position += escaped ? 2 : 1;
    return text[position - 1] ?? "";
  };
  /** Unrecognized text in braces is kept. */
  const unknown = (): string => {
    const start = position;
    let depth = 0;
    do {
      if (text.startsWith("${", position)) depth += 1;
      if (text[position] === "}") depth -= 1;
      position += 1;
    } while (depth > 0 && position < text.length);
    return text.slice(start, position);
  };
  const reference = (): string => {
    REFERENCE.lastIndex = position;
    const [found, braced, end, bare] = REFERENCE.exec(text) ?? [];
    if (found === undefined) return text[position + 1] === "{" ? unknown() : literal();
    position += found.length;
    const fallback = end === ":-" ? upTo("}\\") : "";
    if (end === ":-" && text[position] === "}") position += 1;
    return lookUp(bare ?? braced ?? "") ?? fallback;
  };
  return upTo("");
};

const REFERENCE = /\$(?:\{(\w*)(\}|:-)|(\w+))/y;

export const bun: Dialect = { name: "bun", read: fileByFile(parse, expand) };
