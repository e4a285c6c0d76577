import { constants } from "node:fs";
import { access, chmod, mkdtemp, readFile, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { codeOf } from "../errors";
import { inHome } from "../internal/home";
import { shellQuote } from "../internal/shell-quote";
import { notTrusted, suspectIn, suspectOnTheWay } from "../internal/trust";
import { makeFolders } from "./make-folders";

/** A program kept in the user's cache. */
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
 * `$XDG_CACHE_HOME/endow`, else `~/.cache/endow`. For root without that variable `/var/cache/endow`: root's home is closed
 * to the user that a server such as PostgreSQL must run as.
 * @throws EndowError `HOME_UNKNOWN`
 */
export const cacheFolder = (): string => {
  const { XDG_CACHE_HOME } = process.env;
  if (XDG_CACHE_HOME !== undefined && path.isAbsolute(XDG_CACHE_HOME)) return path.join(XDG_CACHE_HOME, "endow");
  if (process.getuid?.() === 0) return "/var/cache/endow";
  return path.join(inHome({ what: "programs that are fetched", place: ".cache", variable: "XDG_CACHE_HOME" }), "endow");
};

/**
 * The entry, when it is there and whole. Reads its files' metadata and one small file; starts nothing.
 * @throws EndowError `NOT_TRUSTED` when another user can change something of it: it is a program that we run
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
 * Works in a temporary folder beside an entry's place. It is removed afterwards; one that a killed process left, by a later call.
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
 * Makes an entry in a temporary folder beside its place and renames it there, so that a process killed midway leaves nothing that
 * `findInCache` would take for whole, and of two processes at once one wins and both get a good entry. Everybody may read it.
 * @param fill puts the files into the folder and answers with the program's version.
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

/** Where an entry is, or would be. */
export const entryFolder = ({ source, name, version }: CacheKey) => path.join(cacheFolder(), source, `${name}@${version}`);

/**
 * That nobody but this user, or root, can change an entry, or could have made it. Where somebody could, nothing tells what it holds now: it is
 * not made right, but made again.
 * @throws EndowError `NOT_TRUSTED`
 */
export const assertTrustedEntry = (folder: string): void => {
  assertTrustedInCache(folder);
  const suspect = suspectIn(folder);
  if (suspect) throw notTrusted(suspect, remove);
};

/** The same for a folder of the cache alone, and those that it is in. */
export const assertTrustedInCache = (folder: string): void => {
  const suspect = suspectOnTheWay(cacheFolder(), folder);
  if (suspect) throw notTrusted(suspect, remove);
};

const remove = (place: string): string =>
  `remove it, and endow makes it again: rm -r ${shellQuote(place)}; or set XDG_CACHE_HOME to a folder that is yours alone`;

/** Puts a whole folder in the place of an entry, in one go. */
export const moveInto = async (folder: string, temporary: string): Promise<void> => {
  const damaged = await mkdtemp(`${folder}.tmp-`);
  try {
    await rename(folder, path.join(damaged, "entry")).catch(unless("ENOENT"));
    // Another process may have put its own here since: that one is as good.
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

/** Temporary folders of processes that were killed long enough ago not to be at work. */
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
