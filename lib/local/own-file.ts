import { readFileSync } from "node:fs";
import writeFileAtomic from "write-file-atomic";
import type { z } from "zod";
import { codeOf, fault } from "../errors";
import { issuesText } from "../internal/issues-text";
import { assertOwn } from "./make-folders";

/** What a file of ours holds, or what is wrong with it: a clause that quotes nothing of it. */
export type OwnFile<T> = { readonly value: T } | { readonly problem: string };

/**
 * The JSON of a file that nobody but endow writes; `undefined` where there is no such file.
 *
 * @throws EndowError `FILE_UNREADABLE`, `NOT_TRUSTED` when another user can write it, or has made it
 */
export const readOwnJson = <T>(file: string, schema: z.ZodType<T>): OwnFile<T> | undefined => {
  const text = readOwnFile(file);
  if (text === undefined) return undefined;
  try {
    const parsed = schema.safeParse(JSON.parse(text));
    return parsed.success ? { value: parsed.data } : { problem: issuesText(parsed.error) };
  } catch {
    return { problem: "not JSON" };
  }
};

/**
 * The text of such a file; `undefined` where there is none. What cannot be read may be sound all the same, and is not taken for damaged.
 *
 * @throws EndowError `FILE_UNREADABLE`, `NOT_TRUSTED`
 */
export const readOwnFile = (file: string): string | undefined => {
  assertOwn(file);
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw fault(
      "FILE_UNREADABLE",
      `${file} cannot be read (${codeOf(error) ?? "unknown reason"})`,
      "give yourself the right to read it",
      file,
    );
  }
};

/** Writes such a file (0600), whole or not at all. It is this user's, whoever had the one before. */
export const writeOwnFile = (file: string, text: string): Promise<void> => writeFileAtomic(file, text, ours());

export const writeOwnFileSync = (file: string, text: string): void => writeFileAtomic.sync(file, text, ours());

const ours = (): { readonly mode: number; readonly chown?: { readonly uid: number; readonly gid: number } } => {
  const [uid, gid] = [process.getuid?.(), process.getgid?.()];
  return { mode: 0o600, ...(uid !== undefined && gid !== undefined && { chown: { uid, gid } }) };
};
