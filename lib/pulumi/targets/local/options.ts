import { existsSync } from "node:fs";
import path from "node:path";
import { isFolder } from "../../../workspace/root";
import type { Transform } from "../../../contract/make";
import type { Problem } from "../../../errors";
import { provisionedKinds } from "../../../kinds/provisioned";

/** How an environment runs on this machine. */
export interface LocalOptions {
  /**
   * Folder of the app. Two clones of a repository have servers of their own, and so have two apps.
   * @default - the working folder of the Pulumi program, which is that of Pulumi.yaml
   */
  readonly root?: string;
  /**
   * Port of a server, by the server's name: `{ "postgres": 5433 }`.
   * @default - a free one, kept from then on
   */
  readonly ports?: Readonly<Record<string, number>>;
  /**
   * Program of a server, by the server's name: `{ "postgres": "/opt/pg17/bin/postgres" }`.
   * @default - one on PATH, else one that is fetched into the user's cache
   */
  readonly programs?: Readonly<Record<string, string>>;
  /**
   * Whether what is taken out of the stack loses its data as well.
   * @default false: servers are stopped and logins shut out, and the data stays on disk
   */
  readonly forceDestroy?: boolean;
  /**
   * Changes the arguments and options of resources before they are made.
   * @default - they are made as they are
   */
  readonly transform?: Transform;
}

/** What is wrong with the options of `local()` on this machine. */
export const optionProblems = ({ ports = {}, programs = {} }: LocalOptions, root: string): readonly Problem[] => [
  ...(isFolder(root) ? [] : [problem("FOLDER_NOT_FOUND", "root", `there is no folder ${root}`, "name the folder of the app")]),
  ...Object.keys(ports).flatMap((name) => unknownServer("ports", name)),
  ...Object.entries(ports)
    .filter(([, port]) => !Number.isInteger(port) || port < 1 || port > 65_535)
    .map(([name, port]) =>
      problem(
        "PORT_INVALID",
        `ports.${name}`,
        `local({ ports }) gives "${name}" the port ${port}, which must be an integer from 1 to 65535`,
        "correct it, or leave it out for a free one",
      ),
    ),
  ...Object.keys(programs).flatMap((name) => unknownServer("programs", name)),
  ...Object.entries(programs)
    .filter(([, program]) => !existsSync(program))
    .map(([name, program]) =>
      problem("PROGRAM_NOT_FOUND", `programs.${name}`, `there is no program ${path.resolve(program)}`, "correct the path"),
    ),
];

const problem = (code: string, option: string, message: string, fix: string): Problem => ({ code, path: `target.${option}`, message, fix });

const kinds = provisionedKinds.names;

/** A group by itself does not know the servers of the others, but every server is called after its kind. */
const unknownServer = (option: string, name: string): readonly Problem[] =>
  kinds.includes(name.split("-")[0] ?? "")
    ? []
    : [
        problem(
          "SERVER_UNKNOWN",
          `${option}.${name}`,
          `local({ ${option} }) names "${name}", and no server is called that`,
          `use the name that a preview shows, which starts with one of ${kinds.join(", ")}: "postgres"`,
        ),
      ];
