import { type FileHandle, open } from "node:fs/promises";
import { stripVTControlCharacters } from "node:util";
import { codeOf } from "../errors";

/** How far a log has been read. */
export interface LogPosition {
  /** Tells a log from its successor after a rotation. */
  readonly inode: number;
  readonly offset: number;
}

export interface Read {
  readonly text: readonly string[];
  readonly place: LogPosition;
}

const NOTHING: Read = { text: [], place: { inode: 0, offset: 0 } };

/** Bytes read at once at most: enough for thousands of lines. */
const LARGEST = 4 * 1024 * 1024;

/** Reads the last lines of a log; none if there is no log yet. Control characters are stripped. */
export const lastLines = async (file: string, count: number): Promise<Read> => {
  const read = await readFrom(file, undefined);
  return { ...read, text: count === 0 ? [] : read.text.slice(-count) };
};

/** Reads the complete lines added since. */
export const newLines = (file: string, since: LogPosition | undefined): Promise<Read> => readFrom(file, since);

const readFrom = async (file: string, since: LogPosition | undefined): Promise<Read> => {
  const handle = await openIfThere(file);
  if (handle === undefined) return NOTHING;
  try {
    const { size, ino } = await handle.stat();
    const isSame = since?.inode === ino && since.offset <= size;
    const start = Math.max(isSame ? since.offset : 0, size - LARGEST);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - start), 0, size - start, start);
    const whole = buffer.subarray(0, buffer.lastIndexOf(0x0a, bytesRead - 1) + 1);
    const lines = whole.toString("utf8").split(/\r?\n/).slice(0, -1);
    return { text: lines.map(stripVTControlCharacters), place: { inode: ino, offset: start + whole.length } };
  } finally {
    await handle.close();
  }
};

const openIfThere = async (file: string): Promise<FileHandle | undefined> => {
  try {
    return await open(file, "r");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
};
