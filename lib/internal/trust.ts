import { lstatSync, readdirSync, statSync, type Stats } from "node:fs";
import path from "node:path";
import { codeOf, type EndowError, fault } from "../errors";

/** A path that another user of this machine can change or has created. */
export interface Suspect {
  readonly path: string;
  /** `is owned by user 1001, not by the current user 1000`, `can be changed by other users (mode 0777)`. */
  readonly why: string;
}

/**
 * Returns the first of `root`, the folders below it, and `place` itself that is not owned by this user or root, that other users can write to,
 * or that is a symlink. A sticky folder on the way, like /tmp, is accepted: users cannot replace each other's files in it. Folders above `root`
 * are not checked. A missing path is never suspect.
 */
export const suspectOnTheWay = (root: string, place: string): Suspect | undefined => {
  const way = path.relative(root, place);
  if (way === ".." || way.startsWith(`..${path.sep}`) || path.isAbsolute(way)) return { path: place, why: `is not inside ${root}` };
  const names = way === "" ? [] : way.split(path.sep);
  for (let depth = 0; depth <= names.length; depth += 1) {
    const each = path.join(root, ...names.slice(0, depth));
    const found = unlessAbsent(() => lstatSync(each));
    if (found === undefined) return undefined;
    const isLast = depth === names.length;
    const why = depth > 0 && found.isSymbolicLink() ? "is a symlink" : whySuspect(each, found, !isLast);
    if (why !== undefined) return { path: each, why };
  }
  return undefined;
};

/** Checks a single file or folder, which must not be a symlink. */
export const suspectAt = (place: string): Suspect | undefined => {
  const found = unlessAbsent(() => lstatSync(place));
  const why = found && (found.isSymbolicLink() ? "is a symlink" : whySuspect(place, found, false));
  return why === undefined ? undefined : { path: place, why };
};

/** Returns the first suspect in a file or folder, including everything in it. */
export const suspectIn = (place: string): Suspect | undefined => {
  const found = unlessAbsent(() => lstatSync(place));
  if (found === undefined) return undefined;
  const why = found.isSymbolicLink() ? whyForeign(found) : whySuspect(place, found, false);
  if (why !== undefined) return { path: place, why };
  if (!found.isDirectory()) return undefined;
  for (const name of unlessAbsent(() => readdirSync(place)) ?? []) {
    const inner = suspectIn(path.join(place, name));
    if (inner !== undefined) return inner;
  }
  return undefined;
};

/** @param fix the fix for a suspect path */
export const notTrusted = (suspect: Suspect, fix: (path: string) => string): EndowError =>
  fault(
    "NOT_TRUSTED",
    `${suspect.path} ${suspect.why}: endow does not use files that another user may have put there`,
    fix(suspect.path),
    suspect.path,
  );

/** Why the owner of a file or folder is not trusted; `undefined` if it is, and on Windows, which has neither owner nor mode. */
export const whyForeign = ({ uid }: Stats): string | undefined => {
  const own = process.getuid?.();
  return own === undefined || uid === own || uid === 0 ? undefined : `is owned by user ${uid}, not by the current user ${own}`;
};

/** Follows a symlink: checks its owner, then its target. */
const whySuspect = (place: string, found: Stats, mayBeSticky: boolean): string | undefined => {
  if (!found.isSymbolicLink()) return whyForeign(found) ?? whyOpen(found, mayBeSticky);
  const target = unlessAbsent(() => statSync(place));
  return whyForeign(found) ?? (target && (whyForeign(target) ?? whyOpen(target, mayBeSticky)));
};

const STICKY = 0o1000;

const whyOpen = (found: Stats, mayBeSticky: boolean): string | undefined => {
  if (process.getuid === undefined || (found.mode & 0o022) === 0) return undefined;
  if (mayBeSticky && found.isDirectory() && (found.mode & STICKY) !== 0) return undefined;
  return `can be changed by other users (mode ${(found.mode & 0o7777).toString(8).padStart(4, "0")})`;
};

/** A path that this user cannot read is not used, so it counts as absent. */
const unlessAbsent = <T>(look: () => T): T | undefined => {
  try {
    return look();
  } catch (error) {
    if (["ENOENT", "ENOTDIR", "EACCES"].includes(codeOf(error) ?? "")) return undefined;
    throw error;
  }
};
