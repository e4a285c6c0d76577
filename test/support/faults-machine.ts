import { execFile } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, symlinkSync } from "node:fs";
import path from "node:path";
import { cacheFolder } from "../../lib/local/cache";
import { PUBLISHED, type Finished, type Sandbox } from "../cli/harness";
import { AS_NOBODY } from "./prerequisite";

/** A user that owns nothing. */
const NOBODY = 65_534;

/** A folder for `XDG_CACHE_HOME` in which other users find the cached programs. */
const sharedCache = (): string => path.dirname(cacheFolder());

/** Runs a program to completion with only the given environment. */
export const runProgram = ([program = "", ...parameters]: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<Finished> =>
  new Promise((resolve) => {
    const child = execFile(program, parameters, { cwd, env }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : null;
      resolve({ code, signal: child.signalCode, stdout, stderr });
    });
  });

/** `endow` as a non-root user who owns the app's folder and a home next to it. Requires root. */
export const asNobody = (box: Sandbox) => {
  const base = path.dirname(box.root);
  const home = path.join(base, "home");
  chmodSync(base, 0o755);
  mkdirSync(home);
  for (const folder of [home, box.root]) chownSync(folder, NOBODY, NOBODY);
  return {
    home,
    run: (parameters: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Finished> =>
      runProgram([...AS_NOBODY, process.execPath, PUBLISHED, ...parameters], box.root, {
        PATH: process.env["PATH"],
        HOME: home,
        TMPDIR: home,
        XDG_CACHE_HOME: sharedCache(),
        ...env,
      }),
  };
};

/** A folder for PATH with only Node and npm. */
export const nodeAlone = (folder: string, npm: string): string => {
  mkdirSync(folder);
  symlinkSync(process.execPath, path.join(folder, "node"));
  symlinkSync(npm, path.join(folder, "npm"));
  return folder;
};

/** `endow` on a machine with only Node and npm on PATH, and no Go anywhere. Requires root. */
export const withNodeAlone = (box: Sandbox, folder: string, parameters: readonly string[], env: NodeJS.ProcessEnv): Promise<Finished> => {
  const line = 'if [ -d /usr/local/go ]; then mount -t tmpfs tmpfs /usr/local/go || exit 99; fi; export PATH="$0"; exec "$@"';
  const command = ["unshare", "--mount", "/bin/sh", "-c", line, folder, process.execPath, PUBLISHED, ...parameters];
  return runProgram(command, box.root, { PATH: process.env["PATH"], HOME: process.env["HOME"], XDG_STATE_HOME: box.state, ...env });
};
