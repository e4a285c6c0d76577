// @ts-check
import { existsSync, readdirSync, statSync } from "node:fs";
import path from "node:path";
import { run } from "../checks/command.mjs";
import { entries } from "../entries.mjs";
import { root } from "../root.mjs";
import { install } from "../setup.mjs";

/** The build's inputs and its last outputs. */
const sources = ["lib", "tools/bundle", "package-lock.json"];
const programs = ["dist/cli/main.js", "dist/supervisor/main.js", "dist/provider/main.js"];
const built = ["dist/index.d.mts", ...programs, ...entries().map(({ output }) => `${output}.js`)];

/** Installs the dependencies and builds endow if needed. Resolves with the milliseconds that each took. */
export const prepare = async () => ({
  install: await timed(install),
  build: await timed(build),
});

const build = async () => {
  if (!isStale()) return;
  console.log("building endow: dist/ is missing or older than lib/");
  await mustRun([process.execPath, "tools/build.mjs"]);
};

const isStale = () => {
  const outputs = built.map((file) => path.join(root, file));
  if (!outputs.every((file) => existsSync(file))) return true;
  return newest(sources.map((source) => path.join(root, source))) > Math.min(...outputs.map((file) => statSync(file).mtimeMs));
};

/** @param {readonly string[]} places @returns {number} */
const newest = (places) => Math.max(...places.flatMap((place) => [place, ...inside(place)]).map((file) => statSync(file).mtimeMs));

/** @param {string} place */
const inside = (place) =>
  statSync(place).isDirectory() ? readdirSync(place, { recursive: true, encoding: "utf8" }).map((name) => path.join(place, name)) : [];

/** @param {readonly string[]} command */
const mustRun = async (command) => {
  const { code, output } = await run(command, { cwd: root });
  if (code !== 0) throw new Error(`\`${command.join(" ")}\` failed:\n${output.trimEnd()}`);
};

/** @param {() => Promise<void>} work */
const timed = async (work) => {
  const start = performance.now();
  await work();
  return Math.round(performance.now() - start);
};
