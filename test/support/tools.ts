import path from "node:path";
import { pathToFileURL } from "node:url";

/** Imports a module of tools/, which are not built. `T` is its type: `import type * as Setup`, `typeof Setup`. */
export const importTool = async <T>(file: string): Promise<T> =>
  (await import(pathToFileURL(path.join(__dirname, "../../../tools", file)).href)) as T;
