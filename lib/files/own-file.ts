import { readFileSync } from "node:fs";
import writeFileAtomic from "write-file-atomic";
import type { z } from "zod/v4";
import { codeOf, fault } from "../errors";
import { issuesText } from "../internal/issues-text";
import { assertOwn } from "./make-folders";

/** The content of one of our files, or a description of the problem that does not quote the content. */
export type OwnFile<T> = { readonly value: T } | { readonly problem: string };

/**
 * Reads the JSON of a file that only endow writes; `undefined` if the file does not exist.
 *
 * @throws EndowError `FILE_UNREADABLE`, `NOT_TRUSTED` if another user can write it or has created it
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
 * Reads the text of such a file; `undefined` if the file does not exist. An unreadable file may still be intact, so it does not count as damaged.
 *
 * @throws EndowError `FILE_UNREADABLE`, `NOT_TRUSTED`
 */
export const readOwnFile = (file: string): string | undefined => {
  assertOwn(file);
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw fault("FILE_UNREADABLE", `${file} cannot be read (${codeOf(error) ?? "unknown reason"})`, "grant yourself read access", file);
  }
};

/** Writes such a file (0600) atomically. It belongs to this user, whoever owned the previous one. */
export const writeOwnFile = (file: string, text: string): Promise<void> => writeFileAtomic(file, text, ours());

export const writeOwnFileSync = (file: string, text: string): void => writeFileAtomic.sync(file, text, ours());

const ours = (): { readonly mode: number; readonly chown?: { readonly uid: number; readonly gid: number } } => {
  const [uid, gid] = [process.getuid?.(), process.getgid?.()];
  return { mode: 0o600, ...(uid !== undefined && gid !== undefined && { chown: { uid, gid } }) };
};
