import { randomBytes } from "node:crypto";
import { appendFileSync, linkSync, readdirSync, readFileSync, readlinkSync, statSync, unlinkSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { codeOf } from "../../errors";
import { unlessGone } from "./linux-read";
import type { Lock } from "./platform";

/**
 * The lock is an abstract Unix socket: the kernel lets one process bind the name, and frees it when that process exits.
 * Names are random and stored in the folder, which is private. While a name is in use, other users can read it in /proc/net/unix and
 * bind it once it is free: a new name is then added to the list. A process holds the lock if it has bound the last name of the list and
 * no process of the same user has an earlier one. It checks only after binding or adding a name, so at least one of two sees the other.
 */
export const takeLock = async (folder: string): Promise<Lock | undefined> => {
  const name = readNames(folder).at(-1) ?? makeName(folder);
  const server = await listen(name);
  if (server === "held") return undefined;
  if (server === "taken") {
    if (readNames(folder).at(-1) === name) addName(folder);
    return takeLock(folder);
  }
  const names = readNames(folder);
  if (names.at(-1) === name && !names.slice(0, -1).some(isHeld)) return { release: () => server.close() };
  server.close();
  return undefined;
};

export const lockIsHeld = (folder: string): boolean => readNames(folder).some(isHeld);

export const lockHolder = (folder: string): number | undefined =>
  readNames(folder)
    .map(holderOf)
    .find((pid) => pid !== undefined);

// A process of ours that is starting or exiting may have bound the name without yet showing up as its holder, so look again.
const LOOKS = 3;
const PAUSE = 20;

/** Returns `"held"` when a process of this user has the name, `"taken"` when another user's process has. */
const listen = async (name: string): Promise<Server | "held" | "taken"> => {
  for (let look = 0; look < LOOKS; look++) {
    const server = await tryListen(name);
    if (server !== undefined) return server;
    if (isHeld(name)) return "held";
    await sleep(PAUSE);
  }
  return "taken";
};

const tryListen = (name: string): Promise<Server | undefined> =>
  new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once("error", (error) => (codeOf(error) === "EADDRINUSE" ? resolve(undefined) : reject(error)));
    server.listen(`\0${name}`, () => resolve(server));
  });

// Exactly the maximum length of an address: Node 20 pads shorter names and later releases do not, so they would bind different names.
const NAME = /^endow-[0-9a-f]{101}$/;

/** The file name contains the folder's inode, so a copy of the folder does not share the lock of the original. */
const nameFile = (folder: string) => path.join(folder, `lock-${statSync(folder).ino}`);

const readNames = (folder: string): string[] => {
  try {
    return readFileSync(nameFile(folder), "latin1")
      .split("\n")
      .filter((line) => NAME.test(line));
  } catch (error) {
    if (codeOf(error) === "ENOENT") return [];
    throw error;
  }
};

const randomName = () => `endow-${randomBytes(51).toString("hex").slice(1)}`;

/** Writes a draft and links it into place: if two processes start at once, both use the name of the first. */
const makeName = (folder: string): string => {
  const file = nameFile(folder);
  const name = randomName();
  const draft = `${file}.${name.slice(-16)}`;
  writeFileSync(draft, `${name}\n`, { mode: 0o600, flag: "wx" });
  try {
    linkSync(draft, file);
    return name;
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
  } finally {
    unlinkSync(draft);
  }
  // A damaged file contains no valid name.
  return readNames(folder).at(-1) ?? addName(folder);
};

const addName = (folder: string): string => {
  const name = randomName();
  appendFileSync(nameFile(folder), `\n${name}\n`);
  return name;
};

const LISTENING = "00010000";

/** Columns of /proc/net/unix: address, references, protocol, flags, type, state, inode, path (`@` for the leading NUL). */
const inodeOf = (name: string): string | undefined =>
  readFileSync("/proc/net/unix", "latin1")
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .find((columns) => columns[3] === LISTENING && columns[7] === `@${name}`)?.[6];

const isHeld = (name: string): boolean => inodeOf(name) !== undefined && (isHidden() || holderOf(name) !== undefined);

/** Node with file capabilities (`setcap`) cannot inspect its own processes: any holder then counts as ours. */
const isHidden = (): boolean => statSync("/proc/self").uid !== process.geteuid?.();

/** The process of this user that has bound the name. Other users' processes are ignored. */
const holderOf = (name: string): number | undefined => {
  const inode = inodeOf(name);
  if (inode === undefined) return undefined;
  return readdirSync("/proc")
    .map(Number)
    .find((pid) => Number.isInteger(pid) && hasOpen(pid, `socket:[${inode}]`) && userOf(pid) === process.geteuid?.());
};

/** The effective user. The owner of /proc/<pid> is not reliable: for a non-dumpable process it is root. */
const userOf = (pid: number): number | undefined => {
  const status = unlessGone(() => readFileSync(`/proc/${pid}/status`, "latin1")) ?? "";
  const uid = /^Uid:\s+\d+\s+(\d+)/m.exec(status)?.[1];
  return uid === undefined ? undefined : Number(uid);
};

const hasOpen = (pid: number, target: string): boolean => {
  const folder = `/proc/${pid}/fd`;
  const descriptors = unlessGone(() => readdirSync(folder)) ?? [];
  return descriptors.some((descriptor) => unlessGone(() => readlinkSync(path.join(folder, descriptor))) === target);
};
