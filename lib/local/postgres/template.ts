import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { access, readdir, rm, stat } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { codeOf } from "../../errors";
import { assertTrustedEntry, type CacheKey, entryFolder, inTemporaryFolder, moveInto } from "../cache";
import type { LocalServer } from "../recipe";
import { programBeside, runProgram } from "./programs";

const TWO_MINUTES = 2 * 60 * 1000;

/**
 * Runs `initdb` on an empty folder, then `finish`. `initdb` takes most of a first start and its result is always the same, so the first result is
 * cached for the user, without a password, and copied from then on. If `finish` fails on a copy, runs `initdb` instead. Copies share PostgreSQL's
 * system identifier, which matters only for replication.
 * @throws EndowError `NOT_TRUSTED` if another user can modify the cached folder
 */
export const initialize = async (
  server: LocalServer,
  folder: string,
  options: readonly string[],
  finish: () => Promise<void>,
): Promise<void> => {
  const key = await keyOf(server, options);
  const entry = placeOf(key);
  if (entry !== undefined && (await isThere(entry, key))) {
    try {
      await copy(entry, folder, server);
      return await finish();
    } catch {
      // The copy is damaged or being replaced by another process, or `cp` is missing. `initdb` will report any real problem.
      server.signal.throwIfAborted();
      await empty(folder);
    }
  }
  await runProgram(server, "initdb", [`--pgdata=${folder}`, ...options], { owns: folder });
  // The folder is ready. If the cache is not writable, only the next start takes longer.
  await keep(key, folder, server).catch(() => server.signal.throwIfAborted());
  await finish();
};

/** Another build of the same version at the same path has a different size or modification time. */
const keyOf = async (server: LocalServer, options: readonly string[]): Promise<CacheKey> => {
  const initdb = await programBeside(server.program, "initdb");
  const { size, mtimeMs } = await stat(initdb);
  const digest = createHash("sha256")
    .update(JSON.stringify([initdb, size, mtimeMs, options]))
    .digest("hex")
    .slice(0, 16);
  return { source: "postgres", name: "data", version: `${server.program.version}-${digest}`, executable: "PG_VERSION" };
};

/** `undefined` if there is no cache folder. */
const placeOf = (key: CacheKey): string | undefined => {
  try {
    const folder = entryFolder(key);
    assertTrustedEntry(folder);
    return folder;
  } catch (error) {
    if (codeOf(error) === "HOME_UNKNOWN") return undefined;
    throw error;
  }
};

const isThere = (folder: string, key: CacheKey): Promise<boolean> =>
  access(path.join(folder, key.executable)).then(
    () => true,
    () => false,
  );

const keep = (key: CacheKey, folder: string, server: LocalServer): Promise<void> =>
  inTemporaryFolder(key, async (temporary) => {
    await copy(folder, temporary, server);
    await moveInto(entryFolder(key), temporary);
  });

/** Uses the `cp` program: Node's `cp` takes ten times as long for a thousand files. */
const copy = async (from: string, to: string, { signal }: LocalServer): Promise<void> =>
  void (await promisify(execFile)("cp", ["-R", `${from}/.`, to], { cwd: to, signal, timeout: TWO_MINUTES }));

const empty = async (folder: string): Promise<void> => {
  for (const name of await readdir(folder)) await rm(path.join(folder, name), { recursive: true, force: true });
};
