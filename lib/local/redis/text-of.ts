import { readFile } from "node:fs/promises";
import { codeOf } from "../../errors";

/** The text of a file; "" where there is no such file. */
export const textOf = async (file: string): Promise<string> => {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return "";
    throw error;
  }
};
