import type { Definition } from "../definition";
import type { Problem } from "../errors";

/** Makes a problem from a message, which follows the setting's path, and a fix. */
export type Describe = (message: string, fix: string) => Problem;

export const declarationProblem =
  ({ group, name }: Definition): Describe =>
  (message, fix) => ({ code: "SETTING_DECLARATION", path: `${group}.${name}`, message: `${group}.${name} ${message}`, fix });
