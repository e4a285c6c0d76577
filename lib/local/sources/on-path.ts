import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import path from "node:path";
import type { Program, ProgramRequest } from "../recipe";
import { installCommand, type InstallNames } from "./install";
import { type Probe, probed } from "./probe";
import type { Source, Unavailable } from "./source";

export interface OnPath extends Probe {
  /** Names of the executable, the preferred one first: `["valkey-server", "redis-server"]`. */
  readonly programs: readonly string[];
  /** Folders searched after PATH, where packages install programs outside of PATH. */
  readonly folders?: readonly string[];
  /** Names of the program's package, for the fix. */
  readonly install: InstallNames;
}

/** A source of installed programs only: nothing to download. */
export interface InstalledSource extends Source {
  readonly find: (request: ProgramRequest) => Promise<Program | Unavailable>;
}

/** A program installed on this machine: the first of the names, in any PATH folder, with the requested version. */
export const onPath = (wanted: OnPath): InstalledSource => ({
  name: "program on PATH",
  find: async (request) => {
    const fix = installCommand(wanted.install);
    const found: Unavailable[] = [];
    for (const candidate of candidates(wanted)) {
      if (!(await isExecutable(candidate))) continue;
      const program = await probed(candidate, wanted, request);
      if ("path" in program) return { ...program, source: "system" };
      found.push({ ...program, reason: `${candidate}: ${program.reason}` });
    }
    const reason = found.map((each) => each.reason).join("; ") || `${wanted.programs.join(" or ")} not found`;
    const version = found.find((each) => each.version !== undefined)?.version;
    return { reason, ...(version !== undefined && { version }), ...(fix !== undefined && { fix }) };
  },
});

const candidates = ({ programs, folders = [] }: OnPath): string[] => {
  const searched = (process.env["PATH"] ?? "").split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  return programs.flatMap((program) => [...new Set([...searched, ...folders])].map((folder) => path.join(folder, program)));
};

const isExecutable = async (file: string): Promise<boolean> => {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
};
