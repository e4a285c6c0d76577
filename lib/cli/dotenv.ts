import { EndowError, type Problem } from "../errors";

/**
 * Formats values as dotenv text that node's `parseEnv`, dotenv and python-dotenv all read back unchanged.
 *
 * @throws EndowError `DOTENV_UNWRITABLE` naming each value that cannot be written so.
 */
export const dotenvText = (values: Readonly<Record<string, string>>): string => {
  const problems = Object.entries(values).flatMap(([name, value]) => lineProblem(name, value));
  if (problems.length > 0) throw new EndowError("DOTENV_UNWRITABLE", "These values cannot be written as dotenv text:", problems);
  return Object.entries(values)
    .map(([name, value]) => `${name}=${quoted(value)}\n`)
    .join("");
};

/**
 * The three parsers disagree on escapes, so a value is written in the first form in which none of them finds one.
 * `undefined` if there is no such form.
 */
const quoted = (value: string): string | undefined => {
  if (/^[\w./:@%+,-]*$/.test(value)) return value;
  // python-dotenv unescapes \\ and \' in single quotes.
  if (!/'|\\\\|\\$/.test(value)) return `'${value}'`;
  if (!/["\\]/.test(value)) return `"${value}"`;
  return /^[^\s'"`#](?:[^\n#]*[^\s#])?$/.test(value) ? value : undefined;
};

const lineProblem = (name: string, value: string): readonly Problem[] => {
  const why = lineRefusal(value);
  return why === undefined
    ? []
    : [{ code: "DOTENV_UNWRITABLE", path: name, message: `${name} ${why}`, fix: "use `endow env --json` or `endow run`" }];
};

const lineRefusal = (value: string): string | undefined => {
  if (value.includes("\r")) return "contains carriage returns, which dotenv turns into newlines";
  const reference = value.indexOf("${");
  if (reference !== -1 && value.includes("}", reference)) return "contains ${...}, which python-dotenv expands";
  return quoted(value) === undefined ? "mixes quotes or backslashes in a way that no quoting preserves" : undefined;
};
