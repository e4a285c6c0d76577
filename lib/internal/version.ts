import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

/** This package's version. */
export const version = (): string => {
  const { version } = JSON.parse(readFileSync(manifestAbove(__dirname), "utf8")) as { version: string };
  return version;
};

/** The folder differs between the published bundle and a file-by-file build. */
const manifestAbove = (folder: string): string => {
  const file = path.join(folder, "package.json");
  return existsSync(file) || folder === path.dirname(folder) ? file : manifestAbove(path.dirname(folder));
};
