import { existsSync, realpathSync } from "node:fs";
import path from "node:path";
import type { Problem } from "../../errors";
import { once } from "../../internal/once";
import { readersOf, type Reader } from "../readers";
import type { Dialect, DotenvText, Environment } from "./dialect";
import { readTexts } from "./files";
import { type DotenvValue, find, ORDER, type ReadUse, type Use } from "./find";
import { linesIn } from "./lines";
import { dotenvWithBraces, node } from "./node";
import { pythonDotenv } from "./python";

/** The dotenv files of an app, read as its own libraries read them. */
export interface Dotenv {
  /**
   * Finds a variable's value, or why it has none: `DOTENV_INVALID` if no library reads its line, `DOTENV_AMBIGUOUS` if they read it differently.
   * Other variables' lines do not matter.
   */
  readonly find: (variable: string) => DotenvValue | Problem | undefined;
  /** Every value as each library reads it. */
  readonly all: () => readonly (readonly [variable: string, value: string])[];
}

/** An app's folders. */
export interface DotenvPlace {
  /** The app's package. */
  readonly folder: string;
  /** The workspace that lists the package, else the package itself. */
  readonly root: string;
}

export interface DotenvRequest extends DotenvPlace {
  /** The folder that the app runs in. */
  readonly cwd: string;
  readonly env: Environment;
}

/** An app without files. */
export const noDotenv: Dotenv = { find: () => undefined, all: () => [] };

/**
 * Reads the files of an app's package, then those of its workspace's root. Names are relative to the package. Without a library in the app's
 * manifests, a value counts if dotenv and python-dotenv agree on it.
 *
 * @throws EndowError `DOTENV_UNREADABLE`
 */
export const readDotenv = ({ folder, root, cwd, env }: DotenvRequest): Dotenv => {
  const readers = readersIn({ folder, root }, env["NODE_ENV"]);
  const isHere = cwd === folder || (existsSync(cwd) && realpathSync(cwd) === folder);
  const own = readFolder(folder, { readers, env, reads: ({ looksUpwards }) => isHere || looksUpwards });
  if (root === folder) return own;
  const isHidden = existsSync(path.join(folder, ".env"));
  const shared = readFolder(root, { readers, env, reads: ({ looksUpwards }) => looksUpwards && !isHidden });
  const up = (name: string): string => path.join(path.relative(folder, root), name);
  return {
    find: (variable) => own.find(variable) ?? renamed(shared.find(variable), up),
    all: () => [...own.all(), ...shared.all()],
  };
};

/** The dialects of an app's dotenv files: those of its libraries, else the usual ones. */
export const dialectsOf = (place: DotenvPlace): readonly Dialect[] => {
  const readers = readersIn(place);
  return readers.some(({ onlyAgrees }) => !onlyAgrees) ? readers : [...DEFAULTS, node, ...readers];
};

/** The libraries that the manifests of the package and of the workspace's root list. */
const readersIn = ({ folder, root }: DotenvPlace, nodeEnv?: string): readonly Reader[] => {
  const all = [...new Set([folder, root])].flatMap((place) => readersOf(place, nodeEnv));
  return [...new Map(all.toReversed().map((reader) => [reader.name, reader])).values()].toReversed();
};

const renamed = (found: DotenvValue | Problem | undefined, up: (name: string) => string): DotenvValue | Problem | undefined => {
  if (found === undefined) return undefined;
  return "text" in found
    ? { ...found, file: up(found.file) }
    : { ...found, path: up(found.path), message: found.message.replaceAll(found.path, up(found.path)) };
};

interface FolderRequest {
  readonly readers: readonly Reader[];
  readonly env: Environment;
  /** Whether a library reads this folder's files itself. */
  readonly reads: (reader: Reader) => boolean;
}

const readFolder = (folder: string, { readers, env, reads }: FolderRequest): Dotenv => {
  const names = [...new Set([...ORDER, ...readers.flatMap(({ files }) => files)])].filter(isRead(readers));
  const texts = readTexts(folder, names);
  const uses = [...usesOf(readers, reads), ...usesOf(DEFAULTS, () => false)].map((use) => read(use, texts, env));
  const lines = new Map(texts.map(({ name, text }) => [name, linesIn(text)]));
  return {
    find: (variable) => find(considered(uses, readers, variable), lines, variable),
    all: () => uses.flatMap(({ readings }) => [...readings()].map(([name, { value }]) => [name, value] as const)),
  };
};

const USUAL = [".env.local", ".env"];

/** The two usual files and those that a library reads. */
const isRead =
  (readers: readonly Reader[]) =>
  (name: string): boolean =>
    USUAL.includes(name) || readers.some(({ files }) => files.includes(name));

const withoutMark = ({ name, read: readMarked }: Dialect): Dialect => ({
  name,
  read: (files, env) =>
    readMarked(
      files.map((file) => ({ ...file, text: file.text.replace(/^\uFEFF/, "") })),
      env,
    ),
});

const DEFAULTS: readonly Reader[] = [dotenvWithBraces, pythonDotenv].map((dialect) => ({
  ...withoutMark(dialect),
  files: USUAL,
  gives: () => false,
  onlyAgrees: false,
  looksUpwards: false,
}));

/** An app can tell any library to read `.env.local` as well. */
const usesOf = (readers: readonly Reader[], reads: (reader: Reader) => boolean): readonly Use[] => [
  ...readers.map((reader) => ({ reader, files: reader.files, byItself: reads(reader) })),
  ...readers.flatMap((reader) => (reader.files.includes(".env.local") ? [] : [{ reader, files: USUAL, byItself: false }])),
];

const read = (use: Use, texts: readonly DotenvText[], env: Environment): ReadUse => ({
  ...use,
  readings: once(() =>
    use.reader.read(
      use.files.flatMap((name) => texts.filter((text) => text.name === name)),
      env,
    ),
  ),
});

/** The libraries that count for a variable: those that pass it to the app, else all, else the usual ones. */
const considered = (uses: readonly ReadUse[], readers: readonly Reader[], variable: string): readonly ReadUse[] => {
  const own = readers.filter(({ onlyAgrees }) => !onlyAgrees);
  const giving = own.filter(({ gives }) => gives(variable));
  const counting = giving.length > 0 ? giving : own.length > 0 ? own : DEFAULTS;
  const readsLocal = counting.some(({ files }) => files.includes(".env.local"));
  return uses.filter(({ reader, files }) => (reader.onlyAgrees || counting.includes(reader)) && (files === reader.files || !readsLocal));
};
