import path from "node:path";
import { pathToFileURL } from "node:url";
import type { VariableTexts } from "../../kind";
import { makeOwnFolder } from "../../local/make-folders";
import { writeOwnFile } from "../../local/own-file";

/** Address of a group's values, for `ENDOW_<GROUP>`. */
export const addressOf = (folder: string, group: string): URL => pathToFileURL(path.join(folder, `${group}.json`));

/** Keeps the values of one group in a file of this machine (0600), whole or not at all. */
export const writeValues = async (folder: string, group: string, values: VariableTexts): Promise<URL> => {
  const address = addressOf(folder, group);
  await makeOwnFolder(folder);
  await writeOwnFile(path.join(folder, `${group}.json`), `${JSON.stringify(values, null, 2)}\n`);
  return address;
};
