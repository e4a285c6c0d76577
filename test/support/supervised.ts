import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { codeOf } from "../../lib/errors";
import { type Supervisor, type SuperviseOptions, statusOf, stopAll, supervise } from "../../lib/supervisor/client";
import { type Identity, identify, isAlive, signal } from "../../lib/supervisor/processes";
import type { Service } from "../../lib/supervisor/service";

/** The built client, for separate programs that a test starts. */
export const clientFile = path.join(__dirname, "../../lib/supervisor/client.js");

/** Milliseconds after which waiting fails. Only a failing test waits this long. */
export const PATIENCE = 120_000;

/** Waits until `probe` returns something, and returns it. */
export const eventually = async <T>(what: string, probe: () => T | undefined | false | Promise<T | undefined | false>) => {
  const deadline = performance.now() + PATIENCE;
  while (performance.now() < deadline) {
    const found = await probe();
    if (found !== undefined && found !== false) return found;
    await sleep(10);
  }
  throw new Error(`timed out after ${PATIENCE} ms: ${what}`);
};

/** A supervisor's folder; `clean` stops all processes started in it or registered with `note`, and deletes it. */
export interface Home {
  readonly folder: string;
  readonly supervise: (options?: SuperviseOptions) => Promise<Supervisor>;
  /** A service that runs a shell script in its own folder. */
  readonly service: (name: string, script?: string, more?: Partial<Service>) => Service;
  readonly supervisorPid: () => Promise<number>;
  /** Makes `clean` stop this process too. */
  readonly note: (pid: number | undefined) => Identity;
  readonly clean: () => Promise<void>;
}

export const makeHome = (name = "folder"): Home => {
  const base = realpathSync(mkdtempSync(path.join(tmpdir(), "endow-supervisor-")));
  const folder = path.join(base, name);
  mkdirSync(folder, { mode: 0o700, recursive: true });
  const open: Supervisor[] = [];
  const noted: Identity[] = [];
  return {
    folder,
    supervise: async (options) => {
      const supervisor = await supervise(folder, { ci: false, ...options });
      open.push(supervisor);
      return supervisor;
    },
    service: (name, script = "exec sleep 1000", more = {}) => {
      const own = path.join(folder, "services", name);
      mkdirSync(own, { recursive: true });
      return {
        name,
        command: ["/bin/sh", "-c", script],
        folder: own,
        environment: { PATH: process.env["PATH"] ?? "" },
        stopSignal: "SIGTERM",
        stopTimeout: 1000,
        ...more,
      };
    },
    supervisorPid: async () => {
      const { pid } = await statusOf(folder);
      if (pid === undefined) throw new Error("no supervisor is running");
      return pid;
    },
    note: (pid) => {
      const identity = pid === undefined ? undefined : identify(pid);
      if (identity === undefined) throw new Error(`no process ${pid}`);
      noted.push(identity);
      return identity;
    },
    clean: async () => {
      for (const supervisor of open) supervisor.close();
      try {
        await stopAll(folder);
      } finally {
        for (const identity of noted) signal(identity, "SIGKILL");
        // A supervisor that is exiting may still be writing its log.
        await eventually("its folder is gone", () => isRemoved(base));
      }
    },
  };
};

const isRemoved = (folder: string): boolean => {
  try {
    rmSync(folder, { recursive: true, force: true });
    return true;
  } catch (error) {
    if (codeOf(error) !== "ENOTEMPTY") throw error;
    return false;
  }
};

/** Kills a process and waits until it is gone. */
export const kill = async (identity: Identity): Promise<void> => {
  signal(identity, "SIGKILL");
  await eventually(`process ${identity.pid} is gone`, () => !isAlive(identity));
};

/** Runs a Node program with `client` in scope, and returns its output. Rejects with its error output. */
export const runClient = (program: string, environment: NodeJS.ProcessEnv = process.env): Promise<string> =>
  new Promise((resolve, reject) => {
    const source = `const client = require(${JSON.stringify(clientFile)}); (async () => { ${program} })()`;
    const child = spawn(process.execPath, ["-e", source], { env: environment, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    let errors = "";
    child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
    child.once("exit", (code) => (code === 0 ? resolve(output) : reject(new Error(errors))));
  });

export const fileText = (file: string): string => readFileSync(file, "latin1");
