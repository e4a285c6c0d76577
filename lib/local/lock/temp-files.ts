import { readdir, rm } from "node:fs/promises";
import path from "node:path";
import { codeOf } from "../../errors";
import { processesIn, remoteIn, serversIn } from "../folder";
import { temporaryFiles } from "../recipes";
import { storesIn } from "../values";

/** What `write-file-atomic` adds to the name of a file that it has not renamed yet. */
const UNFINISHED = /\.\d+$/;

/** Removes what runs that were killed in the middle of writing have left: some of it holds secrets. Only under the environment's lock. */
export const removeTempFiles = async (folder: string): Promise<void> => {
  const servers = await foldersIn(serversIn(folder));
  const others = (await Promise.all([processesIn(folder), remoteIn(folder)].map(foldersIn))).flat();
  const files = servers.flatMap((server) => temporaryFiles.map((file) => path.join(server, file)));
  await Promise.all([
    ...[folder, storesIn(folder), ...servers, ...others].map((each) => removeUnfinished(each, (name) => /\.(json|sh)$/.test(name))),
    ...files.map((file) => removeUnfinished(path.dirname(file), (name) => name === path.basename(file))),
  ]);
};

/** @param isOurs whether a file of this name is replaced whole by us */
const removeUnfinished = async (folder: string, isOurs: (name: string) => boolean): Promise<void> => {
  const files = (await entriesIn(folder)).filter((entry) => entry.isFile()).map(({ name }) => name);
  const unfinished = files.filter((name) => UNFINISHED.test(name) && isOurs(name.replace(UNFINISHED, "")));
  await Promise.all(unfinished.map((name) => rm(path.join(folder, name), { force: true })));
};

const foldersIn = async (folder: string): Promise<readonly string[]> =>
  (await entriesIn(folder)).filter((entry) => entry.isDirectory()).map(({ name }) => path.join(folder, name));

const entriesIn = (folder: string) =>
  readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    // A server's own folder may be another user's.
    if (["ENOENT", "EACCES"].includes(codeOf(error) ?? "")) return [];
    throw error;
  });
