import { readdir, rm } from "node:fs/promises";
import path from "node:path";
import { codeOf } from "../../errors";
import { processesIn, remoteIn, serversIn } from "../folder";
import { storesIn } from "../values";

/** Names of the temporary files of `write-file-atomic`. */
const DRAFT = /\.(json|sh|acl|conf)\.\d+$/;

/** Removes files left by runs that were killed while writing; some contain secrets. Call it only under the lock. */
export const removeTempFiles = async (folder: string): Promise<void> => {
  const inner = await Promise.all([serversIn(folder), processesIn(folder), remoteIn(folder)].map(foldersIn));
  const accounts = inner.flat().map((server) => path.join(server, "accounts"));
  await Promise.all([folder, storesIn(folder), ...inner.flat(), ...accounts].map(removeTempFilesIn));
};

const removeTempFilesIn = async (folder: string): Promise<void> => {
  const drafts = (await entriesIn(folder)).filter((entry) => entry.isFile() && DRAFT.test(entry.name));
  await Promise.all(drafts.map(({ name }) => rm(path.join(folder, name), { force: true })));
};

const foldersIn = async (folder: string): Promise<readonly string[]> =>
  (await entriesIn(folder)).filter((entry) => entry.isDirectory()).map(({ name }) => path.join(folder, name));

const entriesIn = (folder: string) =>
  readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    // A server's folder may belong to another user.
    if (["ENOENT", "EACCES"].includes(codeOf(error) ?? "")) return [];
    throw error;
  });
