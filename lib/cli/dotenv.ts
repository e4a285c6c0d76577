import { EndowError, type Problem } from "../errors";

/**
 * Values as dotenv text that node's `parseEnv`, dotenv and python-dotenv read back the same.
 *
 * @throws EndowError `DOTENV_UNWRITABLE` naming each value for which there is no such text.
 */
export const dotenvText = (values: Readonly<Record<string, string>>): string => {
  const problems = Object.entries(values).flatMap(([name, value]) => lineProblem(name, value));
  if (problems.length > 0) throw new EndowError("DOTENV_UNWRITABLE", "These values cannot be written as dotenv text:", problems);
  return Object.entries(values)
    .map(([name, value]) => `${name}=${quoted(value)}\n`)
    .join("");
};

/**
 * None of the three understands the escapes of the others, so a value is written in the first form in which none of them sees one.
 * `undefined` where every form has one.
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
    : [{ code: "DOTENV_UNWRITABLE", path: name, message: `${name} ${why}`, fix: "use `endow env --json`, or `endow run`" }];
};

const lineRefusal = (value: string): string | undefined => {
  if (value.includes("\r")) return "has carriage returns, which dotenv turns into newlines";
  const reference = value.indexOf("${");
  if (reference !== -1 && value.includes("}", reference)) return "holds ${...}, which python-dotenv replaces";
  return quoted(value) === undefined ? "mixes quotes or backslashes in a way that no form of quoting keeps" : undefined;
};
