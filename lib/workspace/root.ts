import { existsSync, realpathSync, statSync } from "node:fs";
import path from "node:path";
import { fault } from "../errors";
import { conventionalFolders, isFile, settingsIn, settingsOf } from "./convention";
import { PACKAGE_JSON, PYPROJECT, readManifest } from "./manifest";
import { isNxProject, isWorkspace, lists, NX_JSON } from "./members";

/**
 * Finds the package's folder: the nearest one, from `start` upwards, with a settings file by convention, a package.json, a pyproject.toml or
 * an Nx project.json; else `start` itself.
 *
 * @throws EndowError `FOLDER_NOT_FOUND`
 */
export const findPackage = (start: string): string => {
  if (!isFolder(start)) throw fault("FOLDER_NOT_FOUND", `there is no folder ${start}`, "correct the path", "--cwd");
  return upwards(path.resolve(start)).map(packageAt).find(Boolean) ?? path.resolve(start);
};

/**
 * Finds the root of the workspace that a folder is in: the nearest one, upwards from the folder's package, that lists the package or is the package
 * itself. `undefined` if there is none, or if the package's manifest sets `workspace: false`.
 *
 * @throws EndowError `FOLDER_NOT_FOUND`, `MANIFEST_INVALID`
 */
export const findWorkspace = (start: string): string | undefined => {
  const folder = realpathSync(findPackage(start));
  if (!readManifest(folder).workspace) return undefined;
  return upwards(folder).find((place) => (place === folder ? isWorkspace(folder) : lists(place, folder)));
};

export const isFolder = (place: string): boolean => existsSync(place) && statSync(place).isDirectory();

/** A folder and all its parents. */
export const upwards = (folder: string): readonly string[] => {
  const parent = path.dirname(folder);
  return parent === folder ? [folder] : [folder, ...upwards(parent)];
};

/** A settings file in `app/src` belongs to `app`, so that the package is the same from either folder. */
const packageAt = (folder: string): string | undefined => {
  if ([PACKAGE_JSON, PYPROJECT].some((name) => isFile(path.join(folder, name)))) return folder;
  if (isNxProject(folder) && upwards(folder).some((place) => isFile(path.join(place, NX_JSON)))) return folder;
  const isInner = conventionalFolders.some((name) => name === path.basename(folder));
  if (settingsIn(folder) !== undefined && isInner) return path.dirname(folder);
  return settingsOf(folder) === undefined ? undefined : folder;
};

const allowed = /^\w[\w.-]*$/;

/**
 * The project's name: as given, else derived from the app's own name, else from its folder's.
 *
 * @param by where it is given
 * @throws EndowError `PROJECT_NAME` if the given name has characters other than letters, digits, - _ and .
 */
export const projectName = (root: string, own: string | undefined, given: string | undefined, by = "--project"): string => {
  if (given === undefined) return fitted(own ?? "") || fitted(path.basename(root)) || "app";
  if (allowed.test(given)) return given;
  throw fault(
    "PROJECT_NAME",
    `${JSON.stringify(given)} (${by}) is not a valid project name: only letters, digits, - _ and . are allowed`,
    'choose a name such as "shop"',
    by,
  );
};

/** `@acme/Café shop` -> `Cafe-shop`; "" if nothing is left. */
const fitted = (name: string): string => {
  const plain = name
    .replace(/^@[^/]*\//, "")
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .replaceAll(/[^\w.-]+/g, "-");
  return /[^.-](?:.*[^.-])?/.exec(plain)?.[0] ?? "";
};
