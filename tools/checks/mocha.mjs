// @ts-check
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { root } from "../root.mjs";
import { run, tool } from "./command.mjs";
import { endLeftovers } from "./leftovers.mjs";
import { secretsFile } from "./secrets.mjs";

/** @typedef {{ passed: string[], failed: string[], skipped: string[] }} Titles  written by reporter.cjs */

/** @param {import("./run-steps.mjs").Run} context @returns {Promise<import("./summary.mjs").Result>} */
export const mocha = async ({ folder, paths }) => {
  const temporary = path.join(folder, "tmp");
  mkdirSync(temporary);
  // Same mode as /tmp: tests run servers as other users too.
  chmodSync(folder, 0o711);
  chmodSync(temporary, 0o1777);
  const titles = path.join(folder, "private", "titles.json");
  const reporter = ["--reporter", "tools/checks/reporter.cjs", "--reporter-option", `titles=${titles}`];
  const specs = paths.length === 0 ? everything() : paths.map(builtSpec);
  const colors = process.stdout.isTTY ? "--color" : "--no-color";
  const { code, output } = await run([...tool("mocha", "mocha"), colors, ...reporter, ...specs], {
    env: environment(folder, temporary, paths.length === 0),
    show: true,
  });
  const found = existsSync(titles) ? readTitles(titles) : { passed: [], failed: [], skipped: [] };
  const troubles = [...(code !== 0 && found.failed.length === 0 ? [`mocha ended with ${code}`] : []), ...(await endLeftovers(temporary))];
  if (found.passed.length + found.failed.length + found.skipped.length === 0) troubles.push("mocha ran no test");
  return {
    passed: found.passed.length,
    failed: found.failed.length + troubles.length,
    skipped: found.skipped.length,
    skips: [...reasonsIn(output), ...found.skipped.map((title) => `test: ${title}`)],
    output: troubles.map((trouble) => `${trouble}\n`).join(""),
    shown: output,
  };
};

/**
 * Without `CI`, which changes a supervisor's lease: a test for a build server sets it itself.
 * @param {string} folder @param {string} temporary @param {boolean} coverage
 */
const environment = (folder, temporary, coverage) => ({
  ...process.env,
  CI: undefined,
  TMPDIR: temporary,
  ENDOW_TEST_SECRETS: secretsFile(folder),
  NODE_V8_COVERAGE: coverage ? path.join(folder, "coverage") : undefined,
});

/** Tests that take minutes, by path in `test/`: started first, so that no worker runs them alone at the end. */
const LONG = ["pulumi/engine/kill", "pulumi/engine", "pulumi/targets", "examples", "cli/commands", "faults", "local", "tools", "packaging"];

/** Every test file, the long ones first. */
const everything = () => {
  const files = readdirSync(path.join(root, "build/test"), { recursive: true, encoding: "utf8" })
    .map((file) => file.replaceAll(path.sep, "/"))
    .filter((file) => file.endsWith(".test.js"));
  return longFirst(files).map((file) => `build/test/${file}`);
};

/** @param {readonly string[]} files  relative to `test/` */
export const longFirst = (files) => files.toSorted((one, other) => rank(one) - rank(other) || one.localeCompare(other));

/** @param {string} file */
const rank = (file) => {
  const place = LONG.findIndex((start) => file.startsWith(start));
  return place === -1 ? LONG.length : place;
};

/** Printed by a test before it calls `this.skip()`: `SKIP: <what>: <reason>`. @param {string} output */
export const reasonsIn = (output) => [...output.matchAll(/^\s*(SKIP: .+)$/gm)].map(([, reason = ""]) => reason);

/** The built form of a test file or of a folder of tests, both relative to the repository. @param {string} source */
export const builtSpec = (source) => {
  const absolute = path.resolve(root, source);
  if (!existsSync(absolute)) throw new Error(`${source}: no such file or folder`);
  const relative = path.relative(root, absolute);
  return path.posix.join("build", statSync(absolute).isDirectory() ? `${relative}/**/*.test.js` : relative.replace(/\.ts$/, ".js"));
};

/** @param {string} file @returns {Titles} */
const readTitles = (file) => JSON.parse(readFileSync(file, "utf8"));
