// @ts-check
import { existsSync, rmSync, symlinkSync } from "node:fs";
import path from "node:path";
import { buildDist } from "./bundle/dist.mjs";
import { parseOptions } from "./options.mjs";
import { root } from "./root.mjs";
import { buildSeparately } from "./bundle/separately.mjs";

const USAGE = `Makes dist/, which is published, and build/, where every source file stands alone for the tests and benchmarks.

  node tools/build.mjs          both
  node tools/build.mjs --test   build/ only (no declarations: under a second)
  ... --out DIR                 DIR instead of build/`;

const { values: options } = parseOptions(USAGE, { test: { type: "boolean" }, out: { type: "string", default: "build" } });
const out = path.resolve(root, options.out ?? "build");

/** Makes `npx endow` run this build. npm does that too, but only if the program exists, and `npm ci --ignore-scripts` runs before the build. */
const linkProgram = () => {
  const link = path.join(root, "node_modules/.bin/endow");
  if (existsSync(link)) return;
  rmSync(link, { force: true });
  symlinkSync("../endow/dist/cli/main.js", link);
};

rmSync(out, { recursive: true, force: true });
await buildSeparately(out);
if (!options.test) {
  await buildDist();
  linkProgram();
}
