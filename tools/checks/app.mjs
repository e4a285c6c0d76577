// @ts-check
import { mkdirSync, readdirSync, realpathSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { npm, run } from "./command.mjs";
import { checked, total } from "./summary.mjs";

const MEGABYTE = 1e6;
const LARGEST = 10 * MEGABYTE;

/** Checks an app that depends on the packed library and zod: the installed size, and both module formats. @param {string} tarball @param {string} app */
export const checkApp = async (tarball, app) => {
  mkdirSync(app);
  const zod = `file:${realpathSync("node_modules/zod")}`;
  writeFileSync(path.join(app, "package.json"), JSON.stringify({ private: true, dependencies: { endow: `file:${tarball}`, zod } }));
  // Only the two archives: if this works without a registry, no other package is installed.
  const { code, output } = await run([...npm(), "install", "--omit=dev", "--ignore-scripts", "--offline", "--no-audit", "--no-fund"], {
    cwd: app,
  });
  if (code !== 0) return checked(false, output);
  const size = sizeOf(path.join(app, "node_modules", "endow"));
  const packages = readdirSync(path.join(app, "node_modules")).filter((name) => !name.startsWith("."));
  return total([
    checked(size < LARGEST, `an app gains ${(size / MEGABYTE).toFixed(1)} MB; at most ${LARGEST / MEGABYTE} are allowed\n`),
    checked(packages.join() === "endow,zod", `an app gains other packages: ${packages.join(", ")}\n`),
    await program(app, "module.mjs", `import { z } from "zod"; import { load, settings } from "endow"; ${USE}`),
    await program(app, "common.cjs", `const { z } = require("zod"); const { load, settings } = require("endow"); ${USE}`),
    await commandLine(app),
  ]);
};

const USE = `
load(settings("app", { port: z.number() }), { env: { PORT: "8000" } }).then((config) => {
  if (config.port !== 8000) throw new Error("PORT was read as " + config.port);
});
`;

/** @param {string} app @param {string} name @param {string} source */
const program = async (app, name, source) => {
  writeFileSync(path.join(app, name), source);
  const { code, output } = await run([process.execPath, name], { cwd: app });
  return checked(code === 0, output);
};

/** The installed command reads settings in TypeScript. @param {string} app */
const commandLine = async (app) => {
  writeFileSync(path.join(app, "settings.ts"), SETTINGS);
  const { code, output } = await run([...npm(), "exec", "--offline", "--", "endow", "plan", "--json"], { cwd: app });
  return checked(code === 0 && output.includes('"PORT"'), output);
};

const SETTINGS = `
import { settings } from "endow";
import { z } from "zod";
export const app = settings("app", { port: z.number().default(8000 as number) });
`;

/** @param {string} folder */
const sizeOf = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(path.join(entry.parentPath, entry.name)).size, 0);
