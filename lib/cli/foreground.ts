import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** Whether this process, and with it the app that it runs, gets what is typed on a terminal: a Ctrl-C goes to the whole foreground group. */
export const isInForeground = (): boolean =>
  process.platform === "linux"
    ? parseStat(readFileSync("/proc/self/stat", "latin1"))
    : execFileSync("/bin/ps", ["-o", "stat=", "-p", String(process.pid)], { encoding: "latin1" }).includes("+");

/** `pid (name) state parent group session terminal foreground-group ...`: the name may hold spaces and parentheses. See proc_pid_stat(5). */
const parseStat = (text: string): boolean => {
  const [, , group, , , foreground] = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return group === foreground;
};
