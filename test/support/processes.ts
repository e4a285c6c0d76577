import { readdirSync, readFileSync } from "node:fs";

/** What a process shows to other processes: its arguments and its environment. */
export const shownBy = (pid: number): string => {
  const read = (name: string) => {
    try {
      return readFileSync(`/proc/${pid}/${name}`, "latin1");
    } catch {
      // It ended meanwhile.
      return "";
    }
  };
  return `${read("cmdline")}\n${read("environ")}`;
};

/** Processes, besides this one, that name a path in their arguments: the supervisor does, and it works nowhere. */
export const processesNaming = (place: string): number[] =>
  readdirSync("/proc")
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && pid !== process.pid)
    .filter((pid) => shownBy(pid).split("\n")[0]?.includes(place));
