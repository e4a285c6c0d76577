import path from "node:path";
import { pathToFileURL } from "node:url";
import { makeOwnFolder } from "../../local/make-folders";
import { writeOwnFile } from "../../local/own-file";
import type { StoredValues } from "../reader";

/** Address of a group's values, for `ENDOW_<GROUP>`. */
export const addressOf = (folder: string, group: string): URL => pathToFileURL(path.join(folder, `${group}.json`));

/** Keeps the values of one group in a file of this machine (0600), whole or not at all. */
export const writeValues = async (folder: string, group: string, values: StoredValues): Promise<URL> => {
  const address = addressOf(folder, group);
  await makeOwnFolder(folder);
  await writeOwnFile(path.join(folder, `${group}.json`), `${JSON.stringify(values, null, 2)}\n`);
  return address;
};
