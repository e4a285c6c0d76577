import { readdirSync, readFileSync } from "node:fs";

/** What other processes can see of a process: its arguments and its environment. */
export const shownBy = (pid: number): string => {
  const read = (name: string) => {
    try {
      return readFileSync(`/proc/${pid}/${name}`, "latin1");
    } catch {
      // It exited meanwhile.
      return "";
    }
  };
  return `${read("cmdline")}\n${read("environ")}`;
};

/** Other processes with a path in their arguments, such as the supervisor, whose working directory is /. */
export const processesNaming = (place: string): number[] =>
  readdirSync("/proc")
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && pid !== process.pid)
    .filter((pid) => shownBy(pid).split("\n")[0]?.includes(place));
