import { lstatSync, statSync } from "node:fs";
import path from "node:path";
import type * as Minimatch from "minimatch";
import { whyForeign } from "../internal/trust";
import { isFile } from "./convention";
import { type Members, readMembers } from "./manifest";

/**
 * Whether a folder is the root of a workspace of npm, pnpm, Yarn, Bun, Nx or uv. turbo uses the workspaces of the package manager.
 *
 * @throws EndowError `MANIFEST_INVALID`
 */
export const isWorkspace = (folder: string): boolean => readMembers(folder, () => true).length > 0 || isFile(path.join(folder, NX_JSON));

/**
 * Whether a folder is the root of a workspace that lists a package below it. Ignores a manifest that another user could have put above the package,
 * because endow would run the settings file that it names.
 *
 * @throws EndowError `MANIFEST_INVALID`
 */
export const lists = (root: string, folder: string): boolean => {
  const place = path.relative(root, folder).split(path.sep).join("/");
  if (place.split("/").includes("node_modules")) return false;
  const { uid } = statSync(folder);
  const isRead = (file: string) => isOwn(file, uid);
  if (isNxProject(folder) && isRead(path.join(root, NX_JSON))) return true;
  return readMembers(root, isRead).some((members) => isMember(place, members));
};

/** Nx also has projects without a package.json. */
export const isNxProject = (folder: string): boolean => isFile(path.join(folder, "project.json"));

export const NX_JSON = "nx.json";

/** Whether a file or symlink exists and belongs to this user, root, or the package's owner. */
const isOwn = (file: string, owner: number): boolean =>
  [lstatSync(file, { throwIfNoEntry: false }), statSync(file, { throwIfNoEntry: false })].every(
    (found) => found !== undefined && (found.uid === owner || whyForeign(found) === undefined),
  );

/** The last matching glob decides, and no exclusion may match. */
const isMember = (place: string, { globs, except }: Members): boolean => {
  const last = globs.findLast((glob) => matches(place, glob.replace(/^!/, "")));
  return last !== undefined && !last.startsWith("!") && !except.some((glob) => matches(place, glob));
};

/** Package managers look for the manifest, so that `packages/**` lists `packages` as well. */
const matches = (place: string, glob: string): boolean => {
  // Loaded on use: few programs are in a workspace.
  const { minimatch } = require("minimatch") as typeof Minimatch;
  const pattern = `${glob.replace(/^(?:\.?\/)+/, "").replace(/\/+$/, "")}/manifest`;
  return minimatch(`${place}/manifest`, pattern, { nonegate: true, nocomment: true });
};
