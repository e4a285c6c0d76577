import { randomBytes } from "node:crypto";
import { linkSync, readdirSync, readFileSync, readlinkSync, statSync, unlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { codeOf } from "../../errors";
import { unlessGone } from "./linux-read";
import type { Lock } from "./platform";

/**
 * The lock is an abstract unix socket: the kernel lets one process have the name, and frees it when that process ends.
 * The name is random and kept in the folder, which is private, so that no other user can take it first.
 */
export const takeLock = (folder: string): Promise<Lock | undefined> => {
  const server = createServer((socket) => socket.destroy());
  return new Promise((resolve, reject) => {
    server.once("error", (error) => (codeOf(error) === "EADDRINUSE" ? resolve(undefined) : reject(error)));
    server.listen(`\0${makeName(folder)}`, () => resolve({ release: () => server.close() }));
  });
};

export const lockIsHeld = (folder: string): boolean => inodeOf(readName(folder)) !== undefined;

export const lockHolder = (folder: string): number | undefined => {
  const inode = inodeOf(readName(folder));
  if (inode === undefined) return undefined;
  return readdirSync("/proc")
    .map(Number)
    .find((pid) => Number.isInteger(pid) && hasOpen(pid, `socket:[${inode}]`));
};

// Exactly as long as an address can be: Node 20 pads shorter names and later releases do not, so that two of them would not meet.
const NAME = /^endow-[0-9a-f]{101}$/;

/** The folder's inode is in the file's name, so that a copy of the folder does not share the lock of the original. */
const nameFile = (folder: string) => path.join(folder, `lock-${statSync(folder).ino}`);

const readName = (folder: string): string | undefined => {
  try {
    const name = readFileSync(nameFile(folder), "latin1");
    return NAME.test(name) ? name : undefined;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
};

/** Written aside and linked into place: of two that start at once, both end up with the name of the first. */
const makeName = (folder: string): string => {
  const known = readName(folder);
  if (known !== undefined) return known;
  const file = nameFile(folder);
  const name = `endow-${randomBytes(51).toString("hex").slice(1)}`;
  const draft = `${file}.${name.slice(-16)}`;
  writeFileSync(draft, name, { mode: 0o600, flag: "wx" });
  try {
    linkSync(draft, file);
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
    // A damaged file holds no lock that anyone could find.
    if (readName(folder) === undefined) unlinkSync(file);
    return makeName(folder);
  } finally {
    unlinkSync(draft);
  }
  return name;
};

const LISTENING = "00010000";

/** Columns of /proc/net/unix: address, references, protocol, flags, type, state, inode, path (`@` for the leading NUL). */
const inodeOf = (name: string | undefined): string | undefined => {
  if (name === undefined) return undefined;
  return readFileSync("/proc/net/unix", "latin1")
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .find((columns) => columns[3] === LISTENING && columns[7] === `@${name}`)?.[6];
};

const hasOpen = (pid: number, target: string): boolean => {
  const folder = `/proc/${pid}/fd`;
  const descriptors = unlessGone(() => readdirSync(folder)) ?? [];
  return descriptors.some((descriptor) => unlessGone(() => readlinkSync(path.join(folder, descriptor))) === target);
};
