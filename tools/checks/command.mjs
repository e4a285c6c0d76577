// @ts-check
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { checked } from "./summary.mjs";

/**
 * Runs a program without a shell and without input. Stops it when this process exits.
 * @param {readonly string[]} command
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, show?: boolean }} [options]  `show`: print while it runs
 * @returns {Promise<{ code: number, output: string }>}
 */
export const run = ([file = "", ...args], { cwd, env = process.env, show = false } = {}) =>
  new Promise((resolve) => {
    const child = spawn(file, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    const stop = () => child.kill();
    process.once("exit", stop);
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => {
        output += text;
        if (show) process.stdout.write(text);
      });
    }
    child.once("error", (error) => resolve({ code: 127, output: `${file}: ${error.message}\n` }));
    child.once("close", (code, signal) => {
      process.off("exit", stop);
      resolve({ code: code ?? 1, output: signal === null ? output : `${output}ended by ${signal}\n` });
    });
  });

/** A check that passes if its program exits with 0. @param {readonly string[]} command @param {Parameters<typeof run>[1]} [options] */
export const check = async (command, options) => {
  const { code, output } = await run(command, options);
  return options?.show ? { ...checked(code === 0), shown: output } : checked(code === 0, output);
};

/**
 * The command of an installed package's program: read from its package.json, so it needs neither `.bin` nor PATH.
 * @param {string} name the package @param {string} [program] if it has several
 */
export const tool = (name, program) => {
  const folder = path.join("node_modules", name);
  const { bin } = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8"));
  return [process.execPath, path.resolve(folder, typeof bin === "string" ? bin : bin[program ?? Object.keys(bin)[0] ?? ""])];
};

/** The npm command, even if npm is not on PATH but started this process. */
export const npm = () => {
  const script = process.env["npm_execpath"];
  return script !== undefined && existsSync(script) ? [process.execPath, script] : ["npm"];
};
