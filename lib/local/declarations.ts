import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { z } from "zod/v4";
import { codeOf } from "../errors";
import { readOwnJson, writeOwnFile } from "../files/own-file";
import { once } from "../internal/once";
import type { Group } from "../settings";
import { storesIn } from "./values";

/** The settings files whose groups share an environment: setting ids by group by file. */
export type Declarations = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

const schema = once(() => z.object({ version: z.literal(1), files: z.record(z.string(), z.record(z.string(), z.array(z.string()))) }));

/**
 * Reads which settings files have been used in an environment, including those deleted since. `undefined` if that is unknown.
 *
 * @throws EndowError `FILE_UNREADABLE`, `NOT_TRUSTED`
 */
export const readDeclarations = (folder: string): Declarations | undefined => {
  const found = readOwnJson(fileIn(folder), schema());
  if (found === undefined) return {};
  return "value" in found ? found.value.files : undefined;
};

/** Records the groups of a settings file. */
export const writeDeclaration = (folder: string, file: string, groups: readonly Group[]): Promise<void> => {
  const own = Object.fromEntries(groups.map(({ name, definitions }) => [name, definitions.map(({ id }) => id)]));
  const files = { ...readDeclarations(folder), [file]: own };
  return writeOwnFile(fileIn(folder), `${JSON.stringify({ version: 1, files }, null, 2)}\n`);
};

/**
 * Tells which settings belong to other users of an environment: other settings files of the workspace, or a Pulumi stack. Settings removed from
 * a settings file still belong to that file.
 *
 * @param file the settings file that declares the groups; without it, the groups are the environment's only users
 */
export const othersIn = async (folder: string, file: string | undefined, groups: readonly Group[]): Promise<(id: string) => boolean> => {
  if (file === undefined) return () => false;
  const known = readDeclarations(folder);
  if (known === undefined) return () => true;
  const isInUse = (each: string) => each !== file && existsSync(each);
  const theirs = new Set(settingsIn(Object.entries(known).filter(([each]) => isInUse(each))));
  const unused = new Set(settingsIn(Object.entries(known).filter(([each]) => !isInUse(each))));
  const named = new Set(
    Object.values(known)
      .flatMap((declared) => Object.keys(declared))
      .concat(groups.map(({ name }) => name)),
  );
  const hasStack = (await groupsWithValues(folder)).some((name) => !named.has(name));
  const isMine = (id: string) => unused.has(id) || groups.some(({ name }) => id.startsWith(`${name}.`));
  return (id) => theirs.has(id) || (hasStack && !isMine(id));
};

const settingsIn = (declarations: ReadonlyArray<readonly [string, Declarations[string]]>): readonly string[] =>
  declarations.flatMap(([, declared]) => Object.values(declared).flat());

const fileIn = (folder: string): string => path.join(folder, "declarations.json");

const groupsWithValues = async (folder: string): Promise<readonly string[]> => {
  try {
    return (await readdir(storesIn(folder))).flatMap((name) => /^([^.]+)\.json$/.exec(name)?.[1] ?? []);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return [];
    throw error;
  }
};
