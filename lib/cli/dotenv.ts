import { EndowError, type Problem } from "../errors";
import type { Dialect } from "../workspace/dotenv/dialect";
import { quoted } from "../workspace/dotenv/quoted";

/**
 * Formats values as dotenv text that all dialects read back unchanged.
 *
 * @throws EndowError `DOTENV_UNWRITABLE` naming each value that cannot be written so.
 */
export const dotenvText = (values: Readonly<Record<string, string>>, dialects: readonly Dialect[]): string => {
  const lines = Object.entries(values).map(([name, value]) => ({ name, value, text: quoted(value, dialects) }));
  const problems = lines.filter(({ text }) => text === undefined).map(({ name, value }) => unwritable(name, value, dialects));
  if (problems.length > 0) throw new EndowError("DOTENV_UNWRITABLE", "These values cannot be written as dotenv text:", problems);
  return lines.map(({ name, text }) => `${name}=${text}\n`).join("");
};

const unwritable = (name: string, value: string, dialects: readonly Dialect[]): Problem => {
  const readers = dialects.map((dialect) => dialect.name).join(", ");
  const cause = value.includes("\r") ? "carriage returns" : value.includes("$") ? "a $" : "quotes or backslashes";
  return {
    code: "DOTENV_UNWRITABLE",
    path: name,
    message: `${name} contains ${cause}, which no quoting preserves for ${readers}`,
    fix: "use `endow env --json` or `endow run`",
  };
};
