import { execFile } from "node:child_process";
import { realpath } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import type { LocalServer, Program } from "../recipe";
import { type Command, type Unprivileged, unprivileged } from "../unprivileged";

type ProgramName = "initdb" | "postgres";

/** The major version of PostgreSQL: `"17"` of `"17.10"`. Data of one major version cannot be read by another. */
export const majorOf = ({ version }: Pick<Program, "version">): string => version.split(".")[0] ?? version;

/** The data folder of a server, PostgreSQL's "database cluster": one for each major version. */
export const dataFolder = ({ folder, program }: Pick<LocalServer, "folder" | "program">): string =>
  path.join(folder, `${DATA_PREFIX}${majorOf(program)}`);

export const DATA_PREFIX = "data-";

/** Path of another program of the same PostgreSQL. Follows links, because a link on PATH does not have the other programs beside it. */
export const programBeside = async ({ path: postgres }: Pick<Program, "path">, name: ProgramName): Promise<string> =>
  path.join(path.dirname(await realpath(postgres)), name);

/** Returns how to start a program of the server's own PostgreSQL. It owns the existing folder `owns`. */
export const programCommand = async (
  server: LocalServer,
  name: ProgramName,
  args: readonly string[],
  owns: string,
): Promise<Unprivileged> => {
  const command: Command = [await programBeside(server.program, name), ...args];
  return unprivileged(command, { folder: server.folder, data: owns });
};

/** Runs such a program in `owns`. `input` is passed on standard input, which other users cannot read. Rejects with the error of `execFile`. */
export const runProgram = async (
  server: LocalServer,
  name: ProgramName,
  args: readonly string[],
  { owns, input = "" }: { readonly owns: string; readonly input?: string },
): Promise<void> => {
  const { command, user } = await programCommand(server, name, args, owns);
  const [file, ...rest] = command;
  const running = promisify(execFile)(file, rest, {
    cwd: owns,
    // A copy: Node may add a variable of its own.
    env: { ...server.program.environment },
    signal: server.signal,
    timeout: 120_000,
    ...user,
  });
  // A program that exits before reading all input reports the reason itself.
  running.child.stdin?.on("error", () => undefined);
  running.child.stdin?.end(input);
  await running;
};

/** Returns the last lines of a program's standard error; "" for any other error. */
export const lastWords = (error: unknown): string => {
  const written = error instanceof Error && "stderr" in error && typeof error.stderr === "string" ? error.stderr : "";
  return written.trim().split("\n").slice(-5).join("\n    ");
};
