import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** Whether this process and its app are in the terminal's foreground group: a Ctrl-C reaches every process in it. */
export const isInForeground = (): boolean =>
  process.platform === "linux"
    ? parseStat(readFileSync("/proc/self/stat", "latin1"))
    : execFileSync("/bin/ps", ["-o", "stat=", "-p", String(process.pid)], { encoding: "latin1" }).includes("+");

/** `pid (name) state parent group session terminal foreground-group ...`: the name may contain spaces and parentheses. See proc_pid_stat(5). */
const parseStat = (text: string): boolean => {
  const [, , group, , , foreground] = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return group === foreground;
};
