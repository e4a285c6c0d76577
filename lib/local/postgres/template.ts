import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { access, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { codeOf } from "../../errors";
import { type CacheKey, entryFolder, inTemporaryFolder } from "../cache";
import type { LocalServer } from "../recipe";
import { programBeside, runProgram } from "./programs";

const TWO_MINUTES = 2 * 60 * 1000;

/**
 * Fills an empty folder with what `initdb` makes, without a password. That takes most of a first start and is the same every time, so the
 * first one is kept in the user's cache and copied from then on. Copies share PostgreSQL's system identifier, which only replicas of one
 * server ask for.
 */
export const initialize = async (server: LocalServer, folder: string, options: readonly string[]): Promise<void> => {
  const key = await keyOf(server, options);
  if ((await isThere(key)) && (await copied(entryFolder(key), folder, server))) return;
  await runProgram(server, "initdb", [`--pgdata=${folder}`, ...options], { owns: folder });
  // The folder is made: a cache that cannot be written costs the next one its time, and this one nothing.
  await keep(key, folder, server).catch(() => server.signal.throwIfAborted());
};

/** Makes the next `initialize` run `initdb` again, where what it keeps has turned out not to work. */
export const forgetInitialized = async (server: LocalServer, options: readonly string[]): Promise<void> =>
  rm(entryFolder(await keyOf(server, options)), { recursive: true, force: true });

/** Another build of the same version, in the same place, has another size or another time. */
const keyOf = async (server: LocalServer, options: readonly string[]): Promise<CacheKey> => {
  const initdb = await programBeside(server.program, "initdb");
  const { size, mtimeMs } = await stat(initdb);
  const digest = createHash("sha256")
    .update(JSON.stringify([initdb, size, mtimeMs, options]))
    .digest("hex")
    .slice(0, 16);
  return { source: "postgres", name: "data", version: `${server.program.version}-${digest}`, executable: "PG_VERSION" };
};

const isThere = (key: CacheKey): Promise<boolean> =>
  access(path.join(entryFolder(key), key.executable)).then(
    () => true,
    () => false,
  );

const keep = (key: CacheKey, folder: string, server: LocalServer): Promise<void> =>
  inTemporaryFolder(key, async (temporary) => {
    await copy(folder, temporary, server);
    await rename(temporary, entryFolder(key)).catch((error: unknown) => {
      // Another process was first: its own is as good.
      if (!["ENOTEMPTY", "EEXIST"].includes(codeOf(error) ?? "")) throw error;
    });
  });

/** `false` where there is no `cp`. */
const copied = (from: string, to: string, server: LocalServer): Promise<boolean> =>
  copy(from, to, server).then(
    () => true,
    (error: unknown) => {
      if (codeOf(error) !== "ENOENT") throw error;
      return false;
    },
  );

/** By `cp`: `cp` of Node takes ten times as long for a thousand files. */
const copy = async (from: string, to: string, { folder: cwd, signal }: LocalServer): Promise<void> =>
  void (await promisify(execFile)("cp", ["-R", `${from}/.`, to], { cwd, signal, timeout: TWO_MINUTES }));
