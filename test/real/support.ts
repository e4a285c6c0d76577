import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { cpSync, readFileSync, symlinkSync } from "node:fs";
import path from "node:path";
import { exec } from "tinyexec";
import { makeSandbox, type RunOptions, type Sandbox } from "../cli/harness";
import { cachedFolder } from "../support/cached";
import { root as repository } from "../support/package";
import { pythonWith } from "../support/python";
import { skipUnless } from "../support/prerequisite";

/** A program's app in a folder of its own, run by the built `endow dev` with real servers. */
export interface RealApp extends Sandbox {
  /** Runs a command of the program to its end through `endow dev`, and returns what it wrote; fails with that if it does not exit with 0. */
  readonly dev: (command: readonly string[], options?: RunOptions) => Promise<string>;
  readonly read: (file: string) => string;
}

/** @param modules the `node_modules` of the app, which `nodePackages` returns */
export const makeApp = (files: Readonly<Record<string, string>>, modules?: string): RealApp => {
  const box = makeSandbox("app");
  for (const [name, text] of Object.entries(files)) box.write(name, text);
  if (modules !== undefined) symlinkSync(modules, path.join(box.root, "node_modules"));
  const programs = [path.join(box.root, "node_modules/.bin"), process.env["PATH"]].join(path.delimiter);
  return {
    ...box,
    read: (file) => readFileSync(path.join(box.root, file), "utf8"),
    dev: async (command, options = {}) => {
      const env = { PATH: programs, ...options.env };
      const { code, stdout, stderr } = await box.run(["dev", "--", ...command], { ...options, env });
      assert.equal(code, 0, `${command.join(" ")}\n${stdout}\n${stderr}`);
      return `${stdout}\n${stderr}`;
    },
  };
};

/** The `node_modules` of a folder in `test/real/packages`, installed in the user's cache on first use. Without them, the test is skipped. */
export const nodePackages = async (test: Mocha.Context, name: "node" | "web"): Promise<string> => {
  const source = path.join(repository, "test/real/packages", name);
  const locked = readFileSync(path.join(source, "package-lock.json"));
  const key = createHash("sha256")
    .update(`${process.version} ${process.platform} ${process.arch}`)
    .update(locked)
    .digest("hex")
    .slice(0, 16);
  const folder = await cachedFolder(`packages-${name}-${key}`, async (fresh) => {
    console.log(`fetching the packages of test/real/packages/${name} from npm ...`);
    for (const file of ["package.json", "package-lock.json"]) cpSync(path.join(source, file), path.join(fresh, file));
    const { stderr, exitCode } = await exec(
      "npm",
      ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--prefer-offline"],
      {
        timeout: 280_000,
        nodeOptions: { cwd: fresh, stdio: ["ignore", "pipe", "pipe"] },
      },
    );
    if (exitCode !== 0) throw new Error(stderr.trim().split("\n").at(0));
  }).catch((error: unknown) => `npm ci failed: ${error instanceof Error ? error.message : String(error)}`);
  skipUnless(test, path.isAbsolute(folder), folder);
  return path.join(folder, "node_modules");
};

/** Python with the packages of `test/real/packages/python`. Without it, the test is skipped. */
export const pythonPackages = async (test: Mocha.Context): Promise<string> => {
  const file = path.join(repository, "test/real/packages/python/requirements.txt");
  const python = await pythonWith(readFileSync(file, "utf8").trim().split("\n"));
  if (python === undefined) test.skip();
  return python;
};
