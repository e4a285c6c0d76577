import { execFileSync } from "node:child_process";
import { closeSync, constants, ftruncateSync, openSync, readFileSync, writeSync } from "node:fs";
import path from "node:path";
import { codeOf, fault } from "../../errors";
import type { Lock, OperatingSystem, ProcessEntry } from "./platform";

// Programs by absolute path: the first match on PATH may be a different program.
const run = (program: string, ...options: string[]): string => {
  try {
    return execFileSync(program, options, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"], env: { LC_ALL: "C", TZ: "UTC" } });
  } catch (error) {
    // `ps` and `lsof` exit with 1 when some process is missing; they still print the others.
    if (typeof error === "object" && error !== null && "status" in error && error.status === 1 && "stdout" in error)
      return String(error.stdout);
    throw error;
  }
};

const find = (pid: number): ProcessEntry | undefined =>
  parsePs(run("/bin/ps", "-o", "pid=,ppid=,pgid=,state=,tty=,lstart=", "-p", String(pid)))[0];

/** Parses the lines of `ps -o pid=,ppid=,pgid=,state=,tty=,lstart=`; `??` means no terminal. */
export const parsePs = (text: string): ProcessEntry[] =>
  text
    .split("\n")
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\S+)\s+(.+?)\s*$/.exec(line))
    .filter((match) => match !== null)
    .map(([, pid, parent, group, state = "", tty, startTime = ""]) => ({
      pid: Number(pid),
      parent: Number(parent),
      group: Number(group),
      startTime,
      zombie: state.startsWith("Z"),
      terminal: tty !== "??",
    }));

/** Parses the output of `lsof -F pn`: a line `p<pid>`, then lines `n<path>` of that process. */
export const parseLsof = (text: string): Map<number, string> => {
  const found = new Map<number, string>();
  let pid = 0;
  for (const line of text.split("\n")) {
    if (line.startsWith("p")) pid = Number(line.slice(1));
    if (line.startsWith("n")) found.set(pid, line.slice(1));
  }
  return found;
};

const O_EXLOCK = 0x20;

/** macOS can open and lock a file in one step; the kernel frees the lock when the process exits. */
const open = (folder: string): number | undefined => {
  try {
    return openSync(lockFile(folder), constants.O_RDWR | constants.O_CREAT | constants.O_NONBLOCK | O_EXLOCK, 0o600);
  } catch (error) {
    if (codeOf(error) === "EAGAIN") return undefined;
    throw error;
  }
};

const lockFile = (folder: string) => path.join(folder, "lock");

const takeLock = async (folder: string): Promise<Lock | undefined> => {
  const descriptor = open(folder);
  if (descriptor === undefined) return undefined;
  ftruncateSync(descriptor);
  writeSync(descriptor, JSON.stringify({ pid: process.pid, startTime: find(process.pid)?.startTime }));
  return { release: () => closeSync(descriptor) };
};

const lockIsHeld = (folder: string): boolean => {
  const descriptor = open(folder);
  if (descriptor !== undefined) closeSync(descriptor);
  return descriptor === undefined;
};

const lockHolder = (folder: string): number | undefined => {
  if (!lockIsHeld(folder)) return undefined;
  const holder = parseHolder(readFileSync(lockFile(folder), "utf8"));
  return holder !== undefined && find(holder.pid)?.startTime === holder.startTime ? holder.pid : undefined;
};

/** Parses the lock file written by its holder; `undefined` if it is malformed, for example half-written. */
export const parseHolder = (text: string): { readonly pid: number; readonly startTime: string } | undefined => {
  const match = /^\{"pid":(\d+),"startTime":"([^"\\]+)"\}$/.exec(text);
  return match === null ? undefined : { pid: Number(match[1]), startTime: match[2] ?? "" };
};

const LONGEST_ADDRESS = 103;

const shortEnough = (address: string): string => {
  if (Buffer.byteLength(address) <= LONGEST_ADDRESS) return address;
  throw fault("FOLDER_TOO_LONG", `the path ${address} is too long for a socket`, `use a folder with a shorter path`, path.dirname(address));
};

export const darwin: OperatingSystem = {
  bootId: () => run("/usr/sbin/sysctl", "-n", "kern.bootsessionuuid").trim(),
  find,
  workingDirectory: (pid) => parseLsof(run("/usr/sbin/lsof", "-a", "-d", "cwd", "-Fpn", "-p", String(pid))).get(pid),
  workingDirectories: () => parseLsof(run("/usr/sbin/lsof", "-a", "-d", "cwd", "-Fpn")),
  worksHere: () => true,
  network: () => undefined,
  pollInterval: 1000,
  takeLock,
  lockIsHeld,
  lockHolder,
  socketAddress: (folder, _descriptor, name) => shortEnough(path.join(folder, name)),
};
