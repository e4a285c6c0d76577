import { mkdir } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import writeFileAtomic from "write-file-atomic";
import type { VariableTexts } from "../../kind";

/** Address of a group's values, for `ENDOW_<GROUP>`. */
export const addressOf = (folder: string, group: string): URL => pathToFileURL(path.join(folder, `${group}.json`));

/** Keeps the values of one group in a file of this machine (0600), whole or not at all. */
export const writeValues = async (folder: string, group: string, values: VariableTexts): Promise<URL> => {
  const address = addressOf(folder, group);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFileAtomic(path.join(folder, `${group}.json`), `${JSON.stringify(values, null, 2)}\n`, { mode: 0o600 });
  return address;
};
