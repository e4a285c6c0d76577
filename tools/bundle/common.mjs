// @ts-check
import { root } from "../root.mjs";

/** Options common to every build. @type {import("esbuild").BuildOptions} */
export const common = { absWorkingDir: root, platform: "node", target: "node20.19", logLevel: "warning" };
