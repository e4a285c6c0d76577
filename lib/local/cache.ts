import { constants } from "node:fs";
import { access, chmod, mkdtemp, readFile, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod/v4";
import { codeOf } from "../errors";
import { inHome } from "../internal/home";
import { shellQuote } from "../internal/shell-quote";
import { notTrusted, suspectIn, suspectOnTheWay } from "../internal/trust";
import { makeFolders } from "../files/make-folders";

/** A program in the user's cache. */
export interface CacheKey {
  /** `npm`, `debian`, `pypi`, `go`. */
  readonly source: string;
  readonly name: string;
  readonly version: string;
  /** Relative to the entry's folder; an entry without it counts as damaged. */
  readonly executable: string;
}

export interface CacheEntry {
  readonly folder: string;
  readonly programVersion: string;
}

const MARKER = "endow.json";
const marker = z.object({ programVersion: z.string() });
const LEFT_BEHIND_AFTER = 60 * 60 * 1000;

/**
 * `$XDG_CACHE_HOME/endow`, else `~/.cache/endow`. For root without that variable, `/var/cache/endow`: the unprivileged user that
 * runs a server such as PostgreSQL cannot enter root's home.
 * @throws EndowError `HOME_UNKNOWN`
 */
export const cacheFolder = (): string => {
  const { XDG_CACHE_HOME } = process.env;
  if (XDG_CACHE_HOME !== undefined && path.isAbsolute(XDG_CACHE_HOME)) return path.join(XDG_CACHE_HOME, "endow");
  if (process.getuid?.() === 0) return "/var/cache/endow";
  return path.join(inHome({ what: "downloaded programs", place: ".cache", variable: "XDG_CACHE_HOME" }), "endow");
};

/**
 * Returns the entry if it exists and is complete. Reads only its files' metadata and one small file; starts nothing.
 * @throws EndowError `NOT_TRUSTED` if another user can modify the entry, which holds a program we run
 */
export const findInCache = async (key: CacheKey): Promise<CacheEntry | undefined> => {
  const folder = entryFolder(key);
  assertTrustedEntry(folder);
  try {
    const found = marker.safeParse(JSON.parse(await readFile(path.join(folder, MARKER), "utf8")));
    await access(path.join(folder, key.executable), constants.X_OK);
    return found.success ? { folder, ...found.data } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || ["ENOENT", "ENOTDIR", "EISDIR", "EACCES"].includes(codeOf(error) ?? "")) return undefined;
    throw error;
  }
};

/**
 * Runs `work` in a temporary folder beside the entry and removes the folder afterwards. A later call removes folders left by killed processes.
 * @throws EndowError `FOLDER_NOT_WRITABLE`, `NOT_TRUSTED`
 */
export const inTemporaryFolder = async <T>(key: CacheKey, work: (folder: string) => Promise<T>): Promise<T> => {
  const entry = entryFolder(key);
  await makeFolders(path.dirname(entry), 0o755);
  assertTrustedInCache(path.dirname(entry));
  await sweep(entry);
  const temporary = await mkdtemp(`${entry}.tmp-`);
  try {
    return await work(temporary);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
};

/**
 * Builds an entry in a temporary folder and renames it into place, so a process killed midway leaves nothing that `findInCache` accepts as
 * complete, and concurrent processes all get a valid entry. The entry is readable by every user.
 * @param fill writes the files into the folder and returns the program's version
 */
export const addToCache = (key: CacheKey, fill: (folder: string) => Promise<string>): Promise<CacheEntry> =>
  inTemporaryFolder(key, async (temporary) => {
    const programVersion = await fill(temporary);
    await access(path.join(temporary, key.executable), constants.X_OK);
    await writeFile(path.join(temporary, MARKER), `${JSON.stringify({ programVersion })}\n`);
    await makeReadable(temporary);
    const found = await findInCache(key);
    if (found) return found;
    await moveInto(entryFolder(key), temporary);
    return { folder: entryFolder(key), programVersion };
  });

/** Path of an entry, whether or not it exists. */
export const entryFolder = ({ source, name, version }: CacheKey) => path.join(cacheFolder(), source, `${name}@${version}`);

/**
 * Asserts that only this user or root can modify the entry or could have created it. Otherwise its content cannot be trusted: it must be deleted
 * and created again.
 * @throws EndowError `NOT_TRUSTED`
 */
export const assertTrustedEntry = (folder: string): void => {
  assertTrustedInCache(folder);
  const suspect = suspectIn(folder);
  if (suspect) throw notTrusted(suspect, remove);
};

/** Asserts the same for a cache folder and its parents only. */
export const assertTrustedInCache = (folder: string): void => {
  const suspect = suspectOnTheWay(cacheFolder(), folder);
  if (suspect) throw notTrusted(suspect, remove);
};

const remove = (place: string): string =>
  `delete it, and endow creates it again: rm -r ${shellQuote(place)}; or set XDG_CACHE_HOME to a folder only you can write to`;

/** Atomically moves a complete folder into an entry's place. */
export const moveInto = async (folder: string, temporary: string): Promise<void> => {
  const damaged = await mkdtemp(`${folder}.tmp-`);
  try {
    await rename(folder, path.join(damaged, "entry")).catch(unless("ENOENT"));
    // Another process may have finished first; its entry is just as good.
    await rename(temporary, folder).catch(unless("ENOTEMPTY", "EEXIST"));
  } finally {
    await rm(damaged, { recursive: true, force: true });
  }
};

const unless =
  (...codes: string[]) =>
  (error: unknown): void => {
    if (!codes.includes(codeOf(error) ?? "")) throw error;
  };

/** Removes temporary folders old enough that their processes must be gone. */
const sweep = async (folder: string): Promise<void> => {
  const prefix = `${path.basename(folder)}.tmp-`;
  for (const name of await readdir(path.dirname(folder))) {
    if (!name.startsWith(prefix)) continue;
    const left = path.join(path.dirname(folder), name);
    const modified = await stat(left).then(
      (found) => found.mtimeMs,
      () => Date.now(),
    );
    if (Date.now() - modified > LEFT_BEHIND_AFTER) await rm(left, { recursive: true, force: true });
  }
};

const makeReadable = async (folder: string): Promise<void> => {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isSymbolicLink()) continue;
    const file = path.join(entry.parentPath, entry.name);
    const { mode } = await stat(file);
    await chmod(file, entry.isDirectory() || (mode & 0o100) !== 0 ? 0o755 : 0o644);
  }
};
