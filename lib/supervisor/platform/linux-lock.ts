import { randomBytes } from "node:crypto";
import { appendFileSync, linkSync, readdirSync, readFileSync, readlinkSync, statSync, unlinkSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { codeOf } from "../../errors";
import { unlessGone } from "./linux-read";
import type { Lock } from "./platform";

/**
 * The lock is an abstract unix socket: the kernel lets one process have the name, and frees it when that process ends.
 * Names are random and kept in the folder, which is private. While one is in use others can read it in /proc/net/unix, and take it
 * once it is free: then another is added to the list. Whoever has the last name of the list holds the lock, provided that nobody of
 * ours has an earlier one. Each looks only after it took its name or added one, so that of two at least one sees the other.
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

// One of ours that is about to listen, or about to end, has the name and is not seen to hold it: a moment later it is, or is gone.
const LOOKS = 3;
const PAUSE = 20;

/** `"held"` when a process of ours has the name, `"taken"` when another user's has. */
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

// Exactly as long as an address can be: Node 20 pads shorter names and later releases do not, so that two of them would not meet.
const NAME = /^endow-[0-9a-f]{101}$/;

/** The folder's inode is in the file's name, so that a copy of the folder does not share the lock of the original. */
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

/** Written aside and linked into place: of two that start at once, both end up with the name of the first. */
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
  // A damaged file names no lock that anyone could find.
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

/** Node with capabilities of its own (`setcap`) may not look at its like: then any holder counts as ours. */
const isHidden = (): boolean => statSync("/proc/self").uid !== process.geteuid?.();

/** The process of this user that has the name; another user's has no part in the lock. */
const holderOf = (name: string): number | undefined => {
  const inode = inodeOf(name);
  if (inode === undefined) return undefined;
  return readdirSync("/proc")
    .map(Number)
    .find((pid) => Number.isInteger(pid) && hasOpen(pid, `socket:[${inode}]`) && userOf(pid) === process.geteuid?.());
};

/** The effective user. The owner of the folder in /proc will not do: that of a process which hides itself is root. */
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
