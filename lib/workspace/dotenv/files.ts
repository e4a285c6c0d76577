import { readFileSync } from "node:fs";
import path from "node:path";
import { codeOf, fault } from "../../errors";
import type { DotenvText } from "./dialect";

/**
 * Reads files of a folder. Missing ones are skipped.
 *
 * @throws EndowError `DOTENV_UNREADABLE`
 */
export const readTexts = (folder: string, names: readonly string[]): readonly DotenvText[] =>
  names.flatMap((name) => {
    const text = readIfThere(path.join(folder, name));
    return text === undefined ? [] : [{ name, text }];
  });

const readIfThere = (file: string): string | undefined => {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    // A folder with that name is a Python virtual environment.
    if (codeOf(error) === "ENOENT" || codeOf(error) === "EISDIR") return undefined;
    throw fault(
      "DOTENV_UNREADABLE",
      `${file} cannot be read (${codeOf(error) ?? "unknown reason"})`,
      "make the file readable for your user",
      file,
    );
  }
};
