import { existsSync, readFileSync, realpathSync, statSync } from "node:fs";
import path from "node:path";
import { upwards } from "./root";

/** A git worktree: its folder, and the repository that all worktrees share. */
export interface Worktree {
  readonly folder: string;
  readonly repository: string;
}

/** Finds a folder's git worktree; `undefined` if there is none, or git's files cannot be read. */
export const worktreeOf = (folder: string): Worktree | undefined => {
  try {
    const top = upwards(realpathSync(folder)).find((place) => existsSync(path.join(place, ".git")));
    return top === undefined ? undefined : { folder: top, repository: realpathSync(repositoryOf(top)) };
  } catch {
    return undefined;
  }
};

/** In a linked worktree, `.git` is a file that names a folder in the repository. */
const repositoryOf = (top: string): string => {
  const place = path.join(top, ".git");
  if (statSync(place).isDirectory()) return place;
  const linked = path.resolve(top, /^gitdir: (.+)$/m.exec(readFileSync(place, "utf8"))?.[1]?.trim() ?? "");
  const common = path.join(linked, "commondir");
  return existsSync(common) ? path.resolve(linked, readFileSync(common, "utf8").trim()) : linked;
};
