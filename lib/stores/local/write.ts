import path from "node:path";
import { pathToFileURL } from "node:url";
import { makeOwnFolder } from "../../files/make-folders";
import { writeOwnFile } from "../../files/own-file";
import type { StoredValues } from "../../values/gather";

/** Address of a group's values, for `ENDOW_<GROUP>`. */
export const addressOf = (folder: string, group: string): URL => pathToFileURL(path.join(folder, `${group}.json`));

/** Writes the values of one group to a file on this machine (0600), atomically. */
export const writeValues = async (folder: string, group: string, values: StoredValues): Promise<URL> => {
  const address = addressOf(folder, group);
  await makeOwnFolder(folder);
  await writeOwnFile(path.join(folder, `${group}.json`), `${JSON.stringify(values, null, 2)}\n`);
  return address;
};
