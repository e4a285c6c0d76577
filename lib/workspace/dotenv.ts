import { readFileSync } from "node:fs";
import path from "node:path";
import { parseEnv } from "node:util";
import { codeOf, fault } from "../errors";

/** Variables of one file. */
export interface DotenvFile {
  /** `.env.local` */
  readonly name: string;
  readonly values: Readonly<Record<string, string>>;
}

/**
 * Reads `.env.local` and `.env` of a folder, in order of precedence. Missing files are skipped.
 *
 * @throws EndowError `DOTENV_INVALID` with the line, `DOTENV_UNREADABLE`
 */
export const readDotenv = (folder: string): readonly DotenvFile[] =>
  [".env.local", ".env"].flatMap((name) => {
    const text = readIfThere(path.join(folder, name));
    return text === undefined ? [] : [{ name, values: parse(text, path.join(folder, name)) }];
  });

const readIfThere = (file: string): string | undefined => {
  try {
    return readFileSync(file, "utf8").replace(/^\uFEFF/, "");
  } catch (error) {
    // A folder of that name is a Python virtual environment.
    if (codeOf(error) === "ENOENT" || codeOf(error) === "EISDIR") return undefined;
    throw fault(
      "DOTENV_UNREADABLE",
      `${file} cannot be read (${codeOf(error) ?? "unknown reason"})`,
      "make the file readable for your user",
      file,
    );
  }
};

const parse = (text: string, file: string): Record<string, string> => {
  const line = firstBadLine(text);
  if (line === undefined) return parseEnv(text) as Record<string, string>;
  throw fault(
    "DOTENV_INVALID",
    `${file}:${line} is not a valid NAME=value line, or has an unclosed quote`,
    "correct the line, or comment it out with #",
    `${file}:${line}`,
  );
};

const ENTRY = /^[ \t]*(?:export[ \t]+)?[\w.-]+[ \t]*=[ \t]*(?![ \t])(?:'[^']*'|"(?:\\"|[^"])*"|`[^`]*`|(?!['"`]))[^\r\n]*$/gm;

/** `parseEnv` skips lines it cannot parse, so that a value would silently be missing. */
export const firstBadLine = (text: string): number | undefined => {
  const rest = text.replaceAll(ENTRY, (entry) => entry.replaceAll(/[^\n\0]/g, ""));
  const index = rest.split("\n").findIndex((line) => line.includes("\0") || !/^\s*(#.*)?$/.test(line));
  return index === -1 ? undefined : index + 1;
};
