import { existsSync, statSync } from "node:fs";
import path from "node:path";
import { fault } from "../errors";
import { conventionalFolders, isFile, settingsIn, settingsOf } from "./convention";

const manifests = ["package.json", "pyproject.toml"];

/**
 * Finds the app's folder: the nearest one, from `start` upwards, with a settings file by convention, a package.json or a
 * pyproject.toml; else `start` itself.
 *
 * @throws EndowError `FOLDER_NOT_FOUND`
 */
export const findRoot = (start: string): string => {
  if (!isFolder(start)) throw fault("FOLDER_NOT_FOUND", `there is no folder ${start}`, "correct the path", "--cwd");
  return upwards(path.resolve(start)).map(rootAt).find(Boolean) ?? path.resolve(start);
};

export const isFolder = (place: string): boolean => existsSync(place) && statSync(place).isDirectory();

const upwards = (folder: string): readonly string[] => {
  const parent = path.dirname(folder);
  return parent === folder ? [folder] : [folder, ...upwards(parent)];
};

/** A settings file in `app/src` belongs to `app`, so that the root is the same from either folder. */
const rootAt = (folder: string): string | undefined => {
  if (manifests.some((name) => isFile(path.join(folder, name)))) return folder;
  const isInner = conventionalFolders.some((name) => name === path.basename(folder));
  if (settingsIn(folder) !== undefined && isInner) return path.dirname(folder);
  return settingsOf(folder) === undefined ? undefined : folder;
};

const allowed = /^\w[\w.-]*$/;

/**
 * The project's name: as given, else derived from the app's own name, else from its folder's.
 *
 * @throws EndowError `PROJECT_NAME` if the given name has characters other than letters, digits, - _ and .
 */
export const projectName = (root: string, own: string | undefined, given: string | undefined): string => {
  if (given === undefined) return fitted(own ?? "") || fitted(path.basename(root)) || "app";
  if (allowed.test(given)) return given;
  throw fault(
    "PROJECT_NAME",
    `${JSON.stringify(given)} is not a valid project name: only letters, digits, - _ and . are allowed`,
    'choose a name such as "shop"',
    "--project",
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
