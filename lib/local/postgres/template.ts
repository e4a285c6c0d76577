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
 * Fills an empty folder with what `initdb` makes, and has `finish` go on from there. What it makes takes most of a first start and is the same
 * every time, so the first one is kept in the user's cache, without a password, and copied from then on; a copy that cannot be finished is made
 * anew. Copies share PostgreSQL's system identifier, which only replicas of one server ask for.
 * @throws EndowError `NOT_TRUSTED` when another user can change the kept one
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
      // Damaged, being replaced by another process, or no `cp` here: whatever it is, `initdb` says it better.
      server.signal.throwIfAborted();
      await empty(folder);
    }
  }
  await runProgram(server, "initdb", [`--pgdata=${folder}`, ...options], { owns: folder });
  // The folder is made: a cache that cannot be written costs the next one its time, and this one nothing.
  await keep(key, folder, server).catch(() => server.signal.throwIfAborted());
  await finish();
};

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

/** `undefined` where there is no place for a cache. */
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

/** By `cp`: `cp` of Node takes ten times as long for a thousand files. */
const copy = async (from: string, to: string, { signal }: LocalServer): Promise<void> =>
  void (await promisify(execFile)("cp", ["-R", `${from}/.`, to], { cwd: to, signal, timeout: TWO_MINUTES }));

const empty = async (folder: string): Promise<void> => {
  for (const name of await readdir(folder)) await rm(path.join(folder, name), { recursive: true, force: true });
};
