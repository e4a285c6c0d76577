import { statSync } from "node:fs";
import path from "node:path";

/** Folders of an app, relative to its root, where the settings file may be; "" is the root itself. */
export const conventionalFolders = ["", "src", "infra", "config"] as const;

const extensions = ["ts", "mts", "cts", "js", "mjs", "cjs"];

/** The convention as messages describe it. */
export const CONVENTION = `settings.{${extensions.join(",")}} in ., ${conventionalFolders.filter(Boolean).join(", ")}`;

/** The settings file directly in a folder. */
export const settingsIn = (folder: string): string | undefined =>
  extensions.map((extension) => path.join(folder, `settings.${extension}`)).find(isFile);

/** The settings file of an app by convention: the first of its folders that has one. */
export const settingsOf = (root: string): string | undefined =>
  conventionalFolders.map((folder) => settingsIn(path.join(root, folder))).find((file) => file !== undefined);

export const isFile = (file: string): boolean => statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
