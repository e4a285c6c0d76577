import { existsSync } from "node:fs";
import path from "node:path";
import { isFolder } from "../../../workspace/root";
import type { Transform } from "../../../contract/make";
import type { Problem } from "../../../errors";
import { provisionedKinds } from "../../../kinds/provisioned";

/** Options of `local()`. */
export interface LocalOptions {
  /**
   * The app's folder. Two clones of a repository have separate servers, and so do two apps, unless both are in one workspace.
   * @default - the working folder of the Pulumi program, which contains Pulumi.yaml
   */
  readonly root?: string;
  /**
   * Port of a server, by server name, from 1024: `{ "postgres": 5433 }`.
   * @default - a free port, reused from then on
   */
  readonly ports?: Readonly<Record<string, number>>;
  /**
   * Program of a server, by server name: `{ "postgres": "/opt/pg17/bin/postgres" }`.
   * @default - one on PATH, else one downloaded into the user's cache
   */
  readonly programs?: Readonly<Record<string, string>>;
  /**
   * Whether removing a resource from the stack also deletes its data.
   * @default false: servers are stopped, logins are disabled, and the data stays on disk
   */
  readonly forceDestroy?: boolean;
  /**
   * Changes the arguments and options of resources before they are created.
   * @default - no changes
   */
  readonly transform?: Transform;
}

/** Problems with the options of `local()` on this machine. */
export const optionProblems = ({ ports = {}, programs = {} }: LocalOptions, root: string): readonly Problem[] => [
  ...(isFolder(root) ? [] : [problem("FOLDER_NOT_FOUND", "root", `the folder ${root} does not exist`, "set it to the app's folder")]),
  ...Object.keys(ports).flatMap((name) => unknownServer("ports", name)),
  ...Object.entries(ports)
    .filter(([, port]) => !Number.isInteger(port) || port < 1024 || port > 65_535)
    .map(([name, port]) =>
      problem(
        "PORT_INVALID",
        `ports.${name}`,
        `local({ ports }): the port ${port} of "${name}" must be an integer from 1024 to 65535`,
        "correct it, or omit it to use a free port",
      ),
    ),
  ...Object.keys(programs).flatMap((name) => unknownServer("programs", name)),
  ...Object.entries(programs)
    .filter(([, program]) => !existsSync(program))
    .map(([name, program]) =>
      problem("PROGRAM_NOT_FOUND", `programs.${name}`, `the program ${path.resolve(program)} does not exist`, "correct the path"),
    ),
];

const problem = (code: string, option: string, message: string, fix: string): Problem => ({ code, path: `target.${option}`, message, fix });

const kinds = provisionedKinds.names;

/** Checks only the prefix: a standalone group does not know the servers of other groups, but each server's name starts with its kind. */
const unknownServer = (option: string, name: string): readonly Problem[] =>
  kinds.includes(name.split("-")[0] ?? "")
    ? []
    : [
        problem(
          "SERVER_UNKNOWN",
          `${option}.${name}`,
          `local({ ${option} }) names "${name}", but there is no such server`,
          `use the name from a preview, such as "postgres"; it starts with one of ${kinds.join(", ")}`,
        ),
      ];
