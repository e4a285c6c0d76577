import { pathOf, type Definition } from "../definition";
import type { Problem } from "../errors";

/** Makes a problem from a message, which follows the setting's path, and a fix. */
export type Describe = (message: string, fix: string) => Problem;

export const declarationProblem =
  (setting: Pick<Definition, "group" | "name">): Describe =>
  (message, fix) => ({ code: "SETTING_DECLARATION", path: pathOf(setting), message: `${pathOf(setting)} ${message}`, fix });
