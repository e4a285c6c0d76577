import path from "node:path";
import { pathToFileURL } from "node:url";

/** A module of tools/, which are not built but run as they are. `T` is its type: `import type * as Setup`, `typeof Setup`. */
export const importTool = async <T>(file: string): Promise<T> =>
  (await import(pathToFileURL(path.join(__dirname, "../../../tools", file)).href)) as T;
