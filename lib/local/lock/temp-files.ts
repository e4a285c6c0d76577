import { readdir, rm } from "node:fs/promises";
import path from "node:path";
import { codeOf } from "../../errors";
import { processesIn, remoteIn, serversIn } from "../folder";
import { temporaryFiles } from "../recipes";
import { storesIn } from "../values";

/** What `write-file-atomic` adds to the name of a file that it has not renamed yet. */
const UNFINISHED = /\.\d+$/;

/** Removes files left by runs that were killed while writing; some contain secrets. Call it only under the lock. */
export const removeTempFiles = async (folder: string): Promise<void> => {
  const servers = await foldersIn(serversIn(folder));
  const others = (await Promise.all([processesIn(folder), remoteIn(folder)].map(foldersIn))).flat();
  const files = servers.flatMap((server) => temporaryFiles.map((file) => path.join(server, file)));
  await Promise.all([
    ...[folder, storesIn(folder), ...servers, ...others].map((each) => removeUnfinished(each, (name) => /\.(json|sh)$/.test(name))),
    ...files.map((file) => removeUnfinished(path.dirname(file), (name) => name === path.basename(file))),
  ]);
};

/** @param isOurs whether endow replaces a file of this name atomically */
const removeUnfinished = async (folder: string, isOurs: (name: string) => boolean): Promise<void> => {
  const files = (await entriesIn(folder)).filter((entry) => entry.isFile()).map(({ name }) => name);
  const unfinished = files.filter((name) => UNFINISHED.test(name) && isOurs(name.replace(UNFINISHED, "")));
  await Promise.all(unfinished.map((name) => rm(path.join(folder, name), { force: true })));
};

const foldersIn = async (folder: string): Promise<readonly string[]> =>
  (await entriesIn(folder)).filter((entry) => entry.isDirectory()).map(({ name }) => path.join(folder, name));

const entriesIn = (folder: string) =>
  readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    // A server's folder may belong to another user.
    if (["ENOENT", "EACCES"].includes(codeOf(error) ?? "")) return [];
    throw error;
  });
