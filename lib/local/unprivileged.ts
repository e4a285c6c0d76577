import { execFile } from "node:child_process";
import { constants } from "node:fs";
import { access, chmod, lchown, lstat, readdir, stat } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { codeOf, fault } from "../errors";

const run = promisify(execFile);

/** `nobody`: the same number on every Linux distribution, and the id of unmapped users in a user namespace. */
const NOBODY = 65534;
const ROOT = 0;

export type Command = readonly [string, ...string[]];

/** How to start a program that refuses to run as root: the command, and the user if the command alone is not enough. */
export interface Unprivileged {
  readonly command: Command;
  readonly user?: { readonly uid: number; readonly gid: number };
}

/** The program's folders. */
export interface Belongings {
  /** Where it is started. It and its files, such as our passwords, stay ours; the program may traverse it but not list it. */
  readonly folder: string;
  /** Subfolder of `folder` that the program owns, with everything in it. */
  readonly data: string;
}

/** Whether root can start a program in a new user namespace, in which it is `nobody` while its files stay root's. */
export const namespacesWork = async (): Promise<boolean> => {
  try {
    const [unshare, ...options] = await namespaced(["true"]);
    await run(unshare, options, { timeout: 10_000 });
    return true;
  } catch (error) {
    // Without a free file descriptor the test is inconclusive.
    if (["EMFILE", "ENFILE"].includes(codeOf(error) ?? "")) throw error;
    return false;
  }
};

/**
 * Lets root run programs that refuse root (PostgreSQL, MariaDB). Other users get the command unchanged.
 * Root runs it in a user namespace, which needs no change of owner and keeps the process id. Where namespaces are forbidden, it runs as `nobody`,
 * who becomes the data's owner. By default `namespaces` is determined by a test run.
 * @throws EndowError `FOLDER_UNREACHABLE` if `nobody` cannot access the program or the folder
 */
export const unprivileged = async (command: Command, belongings: Belongings, namespaces?: boolean): Promise<Unprivileged> => {
  if (process.getuid?.() !== 0) return { command };
  if (namespaces ?? (await namespacesWork())) {
    // In the namespace the program owns only root's files; files owned by `nobody` become root's again.
    await changeOwner(belongings.data, ROOT);
    return { command: await namespaced(command) };
  }
  await chmod(belongings.folder, 0o711);
  await changeOwner(belongings.data, NOBODY);
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
 * Changes the owner of a folder and everything in it. The current owner may be at work in it and could swap a file or a folder for a link
 * meanwhile, so the folder is closed to them first and links are not followed. Does nothing if the owner is already right.
 */
const changeOwner = async (folder: string, user: number): Promise<void> => {
  const { uid, gid } = await lstat(folder);
  if (uid === user && gid === user) return;
  // Root with the group of nobody marks a change of owner in progress: if it is interrupted, the next run starts it over.
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
        `the user nobody needs access to ${place}, because the program refuses to run as root, but ${folder} is closed to other users`,
        "let other users enter it (chmod o+x), set XDG_STATE_HOME or XDG_CACHE_HOME to another folder, or run as an ordinary user",
        folder,
      );
    }
    if (folder === path.dirname(folder)) return;
  }
};
