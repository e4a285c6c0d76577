import { execFile } from "node:child_process";
import { constants } from "node:fs";
import { access, chown, readdir, stat } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { fault } from "../errors";

const run = promisify(execFile);

/** `nobody`: the same number on Linux distributions, and in every user namespace that maps nothing else. */
const NOBODY = 65534;
const ROOT = 0;

export type Command = readonly [string, ...string[]];

/** How to start a program that refuses to run as root: the command, and the user to start it as where the command alone is not enough. */
export interface Unprivileged {
  readonly command: Command;
  readonly user?: { readonly uid: number; readonly gid: number };
}

/** What the program works on. */
export interface Belongings {
  /** The program's own folder. It is entered and written to, but files already in it, such as our passwords, stay ours. */
  readonly folder: string;
  /** Folders that are the program's with everything in them; one that does not exist yet is passed over. */
  readonly data: readonly string[];
}

/** Whether root can start a program in a user namespace of its own, where it is `nobody` and its files stay root's. */
export const namespacesWork = async (): Promise<boolean> => {
  try {
    const [unshare, ...options] = await namespaced(["true"]);
    await run(unshare, options, { timeout: 2000 });
    return true;
  } catch {
    return false;
  }
};

/**
 * Makes a command runnable by root for programs that refuse root (PostgreSQL, MariaDB). Anybody else: the command as it is.
 * Root: in a user namespace, which needs no change of owner and leaves the process id as it is; where namespaces are forbidden, as
 * `nobody`, to whom the belongings are given. `namespaces` is found out by trying.
 * @throws EndowError `FOLDER_UNREACHABLE` when `nobody` cannot reach the program or the folder.
 */
export const unprivileged = async (command: Command, belongings: Belongings, namespaces?: boolean): Promise<Unprivileged> => {
  if (process.getuid?.() !== 0) return { command };
  if (namespaces ?? (await namespacesWork())) {
    // In the namespace only root's own files are the program's; those it was given as nobody come back.
    if ((await stat(belongings.folder)).uid !== ROOT) await give(belongings, ROOT);
    return { command: await namespaced(command) };
  }
  await give(belongings, NOBODY);
  for (const place of [command[0], belongings.folder]) await assertReachable(place);
  return { command, user: { uid: NOBODY, gid: NOBODY } };
};

const namespaced = async (command: Command): Promise<Command> => [
  await onPath("unshare"),
  "--user",
  `--map-user=${NOBODY}`,
  `--map-group=${NOBODY}`,
  ...command,
];

const onPath = async (program: string): Promise<string> => {
  for (const folder of (process.env["PATH"] ?? "").split(path.delimiter).filter((each) => path.isAbsolute(each))) {
    const candidate = path.join(folder, program);
    const found = await access(candidate, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return candidate;
  }
  throw fault("PROGRAM_MISSING", `${program} is not on PATH`, "install the package util-linux");
};

const give = async ({ folder, data }: Belongings, user: number): Promise<void> => {
  await chown(folder, user, user);
  for (const tree of data) await giveTree(tree, user);
};

const giveTree = async (folder: string, user: number): Promise<void> => {
  const exists = await stat(folder).then(
    () => true,
    () => false,
  );
  if (!exists) return;
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => !entry.isSymbolicLink()).map((entry) => path.join(entry.parentPath, entry.name));
  for (const file of [folder, ...files]) await chown(file, user, user);
};

const assertReachable = async (place: string): Promise<void> => {
  for (let folder = place; ; folder = path.dirname(folder)) {
    const { mode, uid } = await stat(folder);
    const enters = uid === NOBODY ? constants.S_IXUSR : constants.S_IXOTH;
    if ((mode & enters) === 0) {
      throw fault(
        "FOLDER_UNREACHABLE",
        `${place} must be used by the user nobody, because the program refuses root, but ${folder} is closed to other users`,
        "let others pass through it (chmod o+x), or name another place by XDG_STATE_HOME or XDG_CACHE_HOME, or run as an ordinary user",
        folder,
      );
    }
    if (folder === path.dirname(folder)) return;
  }
};
