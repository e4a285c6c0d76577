import { execFile } from "node:child_process";
import { constants } from "node:fs";
import { access, chmod, lchown, lstat, readdir, stat } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { codeOf, fault } from "../errors";

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
  /** Where it is started. It stays ours, with all files in it, such as our passwords; the program may pass through, and see nothing. */
  readonly folder: string;
  /** Folder, directly in `folder`, that is the program's with everything in it. */
  readonly data: string;
}

/** Whether root can start a program in a user namespace of its own, where it is `nobody` and its files stay root's. */
export const namespacesWork = async (): Promise<boolean> => {
  try {
    const [unshare, ...options] = await namespaced(["true"]);
    await run(unshare, options, { timeout: 10_000 });
    return true;
  } catch (error) {
    // For want of a file it cannot be told.
    if (["EMFILE", "ENFILE"].includes(codeOf(error) ?? "")) throw error;
    return false;
  }
};

/**
 * Makes a command runnable by root for programs that refuse root (PostgreSQL, MariaDB). Anybody else: the command as it is.
 * Root: in a user namespace, which needs no change of owner and leaves the process id as it is; where namespaces are forbidden, as
 * `nobody`, to whom the data is given. `namespaces` is found out by trying.
 * @throws EndowError `FOLDER_UNREACHABLE` when `nobody` cannot reach the program or the folder.
 */
export const unprivileged = async (command: Command, belongings: Belongings, namespaces?: boolean): Promise<Unprivileged> => {
  if (process.getuid?.() !== 0) return { command };
  if (namespaces ?? (await namespacesWork())) {
    // In the namespace only root's own files are the program's; those it was given as nobody come back.
    await give(belongings.data, ROOT);
    return { command: await namespaced(command) };
  }
  await chmod(belongings.folder, 0o711);
  await give(belongings.data, NOBODY);
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

/**
 * Gives a folder away with everything in it. Whoever has it may be at work in it, and could put a link in the place of a file or a folder
 * under our hands: so it is closed to them first, and no link is followed. What is given already is left alone.
 */
const give = async (folder: string, user: number): Promise<void> => {
  const { uid, gid } = await lstat(folder);
  if (uid === user && gid === user) return;
  // Root with the group of nobody: a giving that was cut short is seen, and begun again.
  await lchown(folder, ROOT, NOBODY);
  await chmod(folder, 0o700);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }))
    await lchown(path.join(entry.parentPath, entry.name), user, user);
  await lchown(folder, user, user);
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
