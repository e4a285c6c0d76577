import { lstatSync, readdirSync, statSync, type Stats } from "node:fs";
import path from "node:path";
import { codeOf, type EndowError, fault } from "../errors";

/** Something that another user of this machine can change, or has made. */
export interface Suspect {
  readonly path: string;
  /** `belongs to user 1001, and this is user 1000`, `can be changed by other users (mode 0777)`. */
  readonly why: string;
}

/**
 * The first of `root`, the folders below it, and `place` itself that does not belong to this user or to root, that other users can write in, or that
 * is a link. A folder like /tmp on the way (sticky) will do: nobody can replace another user's file in it. What is above `root` is for whoever
 * chose that. Nothing is suspect of a path that is not there.
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
    const why = depth > 0 && found.isSymbolicLink() ? "is a link" : whySuspect(each, found, !isLast);
    if (why !== undefined) return { path: each, why };
  }
  return undefined;
};

/** A file or a folder by itself, which may not be a link. */
export const suspectAt = (place: string): Suspect | undefined => {
  const found = unlessAbsent(() => lstatSync(place));
  const why = found && (found.isSymbolicLink() ? "is a link" : whySuspect(place, found, false));
  return why === undefined ? undefined : { path: place, why };
};

/** The first such thing of a file or a folder with everything in it. */
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

/** @param fix what to do about what is at a path */
export const notTrusted = (suspect: Suspect, fix: (path: string) => string): EndowError =>
  fault(
    "NOT_TRUSTED",
    `${suspect.path} ${suspect.why}: endow does not use what another user may have put there`,
    fix(suspect.path),
    suspect.path,
  );

/** Why a file or a folder cannot be trusted by itself; `undefined` when it can, and on Windows, which has neither owner nor mode. */
export const whyForeign = ({ uid }: Stats): string | undefined => {
  const own = process.getuid?.();
  return own === undefined || uid === own || uid === 0 ? undefined : `belongs to user ${uid}, and this is user ${own}`;
};

/** A link is followed: its owner is checked, and then what it leads to. */
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

/** What this user may not look at it does not use either. */
const unlessAbsent = <T>(look: () => T): T | undefined => {
  try {
    return look();
  } catch (error) {
    if (["ENOENT", "ENOTDIR", "EACCES"].includes(codeOf(error) ?? "")) return undefined;
    throw error;
  }
};
