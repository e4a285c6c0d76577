// @ts-check
import { root } from "../root.mjs";

/** What every build has in common. @type {import("esbuild").BuildOptions} */
export const common = { absWorkingDir: root, platform: "node", target: "node20.19", logLevel: "warning" };
