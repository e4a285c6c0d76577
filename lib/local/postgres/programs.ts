import { execFile } from "node:child_process";
import { realpath } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import type { LocalServer, Program } from "../recipe";
import { type Command, type Unprivileged, unprivileged } from "../unprivileged";

type ProgramName = "initdb" | "postgres";

/** The major version of a PostgreSQL: `"17"` of `"17.10"`. One cannot read what another has written. */
export const majorOf = ({ version }: Pick<Program, "version">): string => version.split(".")[0] ?? version;

/** The data folder of a server, PostgreSQL's "database cluster": one for each major version. */
export const dataFolder = ({ folder, program }: Pick<LocalServer, "folder" | "program">): string =>
  path.join(folder, `${DATA_PREFIX}${majorOf(program)}`);

export const DATA_PREFIX = "data-";

/** Where a program of the same PostgreSQL lies. A link on PATH has no others beside it, so links are followed. */
export const programBeside = async ({ path: postgres }: Pick<Program, "path">, name: ProgramName): Promise<string> =>
  path.join(path.dirname(await realpath(postgres)), name);

/** How a program of the server's own PostgreSQL is started here; it works on the folder `owns`, which is there. */
export const programCommand = async (
  server: LocalServer,
  name: ProgramName,
  args: readonly string[],
  owns: string,
): Promise<Unprivileged> => {
  const command: Command = [await programBeside(server.program, name), ...args];
  return unprivileged(command, { folder: server.folder, data: owns });
};

/** Runs one to its end, in the folder that it works on. `input` goes to its standard input, which other users cannot read. Rejects with what `execFile` rejects with. */
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
    // A copy: Node may write a variable of its own into what it is given.
    env: { ...server.program.environment },
    signal: server.signal,
    timeout: 120_000,
    ...user,
  });
  // A program that ends before it has read everything says why itself.
  running.child.stdin?.on("error", () => undefined);
  running.child.stdin?.end(input);
  await running;
};

/** The last lines that a program wrote to standard error; "" for any other error. */
export const lastWords = (error: unknown): string => {
  const written = error instanceof Error && "stderr" in error && typeof error.stderr === "string" ? error.stderr : "";
  return written.trim().split("\n").slice(-5).join("\n    ");
};
