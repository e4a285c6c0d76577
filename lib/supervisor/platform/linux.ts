import { readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { lockHolder, lockIsHeld, takeLock } from "./linux-lock";
import { unlessGone } from "./linux-read";
import type { OperatingSystem, ProcessEntry } from "./platform";

const find = (pid: number): ProcessEntry | undefined => {
  const text = unlessGone(() => readFileSync(`/proc/${pid}/stat`, "latin1"));
  return text === undefined ? undefined : parseStat(text);
};

/** `pid (name) state parent group ...`: the name may contain spaces and parentheses, so count fields from the last `)`. See proc_pid_stat(5). */
export const parseStat = (text: string): ProcessEntry => {
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const state = fields[0] ?? "";
  return {
    pid: Number.parseInt(text, 10),
    parent: Number(fields[1]),
    group: Number(fields[2]),
    startTime: fields[19] ?? "",
    zombie: state === "Z" || state === "X",
    terminal: fields[4] !== "0",
  };
};

const workingDirectory = (pid: number): string | undefined => unlessGone(() => readlinkSync(`/proc/${pid}/cwd`));

const namespaceOf = (pid: number | "self", kind: "mnt" | "net"): string | undefined =>
  unlessGone(() => readlinkSync(`/proc/${pid}/ns/${kind}`));

const worksHere = (pid: number, directory: string): boolean =>
  namespaceOf(pid, "mnt") === namespaceOf("self", "mnt") || isSameFolder(`/proc/${pid}/cwd`, directory);

const isSameFolder = (one: string, other: string): boolean => {
  try {
    const [first, second] = [statSync(one), statSync(other)];
    return first.dev === second.dev && first.ino === second.ino;
  } catch {
    // A folder that cannot be read is not the same.
    return false;
  }
};

const workingDirectories = (): Map<number, string> => {
  const found = new Map<number, string>();
  for (const name of readdirSync("/proc")) {
    const pid = Number(name);
    const directory = Number.isInteger(pid) ? workingDirectory(pid) : undefined;
    if (directory !== undefined) found.set(pid, directory);
  }
  return found;
};

export const linux: OperatingSystem = {
  bootId: () => readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim(),
  find,
  workingDirectory,
  workingDirectories,
  worksHere,
  network: () => namespaceOf("self", "net"),
  pollInterval: 200,
  takeLock,
  lockIsHeld,
  lockHolder,
  socketAddress: (_folder, descriptor, name) => `/proc/self/fd/${descriptor}/${name}`,
};
