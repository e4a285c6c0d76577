import { execFile } from "node:child_process";
import { chownSync, mkdirSync, symlinkSync } from "node:fs";
import path from "node:path";
import { cacheFolder } from "../../lib/local/cache";
import type { Finished, Sandbox } from "../cli/harness";

const MAIN = path.join(__dirname, "../../lib/cli/main.js");

/** A user that owns nothing. */
export const NOBODY = 65_534;

/** The folder for `XDG_CACHE_HOME` by which other users find the programs that were fetched already. */
export const sharedCache = (): string => path.dirname(cacheFolder());

/** Runs a program to its end, with nothing in its environment but what is given. */
export const runProgram = ([program = "", ...parameters]: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<Finished> =>
  new Promise((resolve) => {
    const child = execFile(program, parameters, { cwd, env }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : null;
      resolve({ code, signal: child.signalCode, stdout, stderr });
    });
  });

/** `endow` as another user, for whom the sandbox's folders are made. Only root can. */
export const asNobody = (box: Sandbox, home: string) => {
  for (const folder of [home, box.root]) {
    mkdirSync(folder, { recursive: true });
    chownSync(folder, NOBODY, NOBODY);
  }
  return (parameters: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Finished> =>
    runProgram(
      ["setpriv", `--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups", process.execPath, MAIN, ...parameters],
      box.root,
      { PATH: process.env["PATH"], HOME: home, TMPDIR: home, XDG_STATE_HOME: box.state, XDG_CACHE_HOME: sharedCache(), ...env },
    );
};

/** A folder for PATH that holds Node and npm, and nothing else. */
export const nodeAlone = (folder: string, npm: string): string => {
  mkdirSync(folder);
  symlinkSync(process.execPath, path.join(folder, "node"));
  symlinkSync(npm, path.join(folder, "npm"));
  return folder;
};

/** `endow` on a machine where nothing is mounted, as far as it can see, at `hidden`. Only root can. */
export const withoutFolder = (box: Sandbox, hidden: string, parameters: readonly string[], env: NodeJS.ProcessEnv): Promise<Finished> => {
  const line = 'mount -t tmpfs tmpfs "$0" && export PATH="$NEW_PATH" && exec "$@"';
  return runProgram(["/usr/bin/unshare", "--mount", "/bin/sh", "-c", line, hidden, process.execPath, MAIN, ...parameters], box.root, env);
};
