// @ts-check
import path from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's folder, independent of the working directory. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
