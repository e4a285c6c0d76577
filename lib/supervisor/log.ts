import { closeSync, constants, copyFileSync, fstatSync, openSync, readSync, renameSync, statSync, truncateSync } from "node:fs";
import { stripVTControlCharacters } from "node:util";
import { codeOf } from "../errors";

const LARGEST = 10 * 1024 * 1024;
const TAIL = 8 * 1024;
const LINES = 20;

/** Opens a log for appending (0600); one larger than 10 MB is renamed to `<file>.1` first. The caller closes the descriptor. */
export const openLog = (file: string): { readonly descriptor: number; readonly size: number } => {
  const open = () => openSync(file, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW, 0o600);
  let descriptor = open();
  if (fstatSync(descriptor).size > LARGEST) {
    closeSync(descriptor);
    renameSync(file, `${file}.1`);
    descriptor = open();
  }
  return { descriptor, size: fstatSync(descriptor).size };
};

/**
 * Rotates a log larger than 10 MB to `<file>.1` by copying and truncating it, because a process still appends to the open file.
 * If the copy fails, for example on a full disk, truncates it anyway and rethrows.
 */
export const trimLog = (file: string): void => {
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) <= LARGEST) return;
  try {
    copyFileSync(file, `${file}.1`);
  } finally {
    truncateSync(file);
  }
};

/** The last 20 lines written after byte `from`, or of the whole file if it was trimmed since; empty if the file does not exist. */
export const lastLines = (file: string, from = 0): string[] => {
  const descriptor = openIfThere(file);
  if (descriptor === undefined) return [];
  try {
    const { size } = fstatSync(descriptor);
    const start = Math.max(from > size ? 0 : from, size - TAIL);
    const buffer = Buffer.alloc(size - start);
    const length = readSync(descriptor, buffer, 0, buffer.length, start);
    const lines = stripVTControlCharacters(buffer.toString("utf8", 0, length)).split("\n");
    return lines.filter((line) => line.trim() !== "").slice(-LINES);
  } finally {
    closeSync(descriptor);
  }
};

const openIfThere = (file: string): number | undefined => {
  try {
    return openSync(file, "r");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
};
