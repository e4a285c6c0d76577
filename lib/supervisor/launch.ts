import { type ChildProcess, spawn } from "node:child_process";
import { closeSync } from "node:fs";
import path from "node:path";
import { fault } from "../errors";
import { filesOf } from "./folder";
import { lastLines, openLog } from "./log";
import { platform } from "./platform/current";
import { identify, signal } from "./processes";
import { until } from "./end";

const PROGRAM = path.join(__dirname, "../supervisor/main.js");

/** Its heap is a few MB: small limits keep its memory use low. */
const NODE_OPTIONS = ["--max-semi-space-size=1", "--max-old-space-size=64", "--v8-pool-size=1"];

/** Variables that a supervisor inherits from its caller. `RUNNER_TRACKING_ID` lets GitHub's runner find it when a job ends. */
const ALLOWED = ["PATH", "HOME", "TMPDIR", "TZ", "LANG", "LC_ALL", "CI", "RUNNER_TRACKING_ID"];

/** A supervisor that was started; it exits if it finds another one running. */
export interface Launched {
  readonly hasEnded: () => boolean;
  /** The error, if it could not start. */
  readonly failure: () => Error | undefined;
}

/** Starts a supervisor that outlives this process and its terminal. */
export const launch = (folder: string, idleTimeout: number): Launched => {
  const { log } = filesOf(folder);
  const { descriptor, size } = openLog(log);
  const environment = Object.fromEntries(ALLOWED.map((name) => [name, process.env[name]]));
  const child: ChildProcess = spawn(process.execPath, [...NODE_OPTIONS, PROGRAM, folder, String(idleTimeout)], {
    cwd: "/",
    env: environment,
    stdio: ["ignore", descriptor, descriptor],
    detached: true,
  });
  closeSync(descriptor);
  child.unref();
  let spawnError: Error | undefined;
  child.once("error", (error) => (spawnError = error));
  const hasEnded = () => spawnError !== undefined || child.exitCode !== null || child.signalCode !== null;
  const failure = () => {
    if (!hasEnded() || child.exitCode === 0) return undefined;
    const why = spawnError?.message ?? lastLines(log, size).join("\n  ");
    return fault("SUPERVISOR_NOT_STARTED", `the supervisor could not start:\n  ${why}`, `see ${log}`, folder);
  };
  return { hasEnded, failure };
};

/**
 * Kills a supervisor that does not answer; its services keep running. Waits until its lock is free.
 * @throws EndowError `SUPERVISOR_STUCK`
 */
export const killSupervisor = async (folder: string): Promise<void> => {
  const { lockHolder, lockIsHeld } = platform();
  const pid = lockHolder(folder);
  const identity = pid === undefined ? undefined : identify(pid);
  if (identity !== undefined) signal(identity, "SIGKILL");
  if (await until(() => !lockIsHeld(folder), 5_000)) return;
  throw fault(
    "SUPERVISOR_STUCK",
    `the supervisor${pid === undefined ? "" : ` (process ${pid})`} of ${folder} could not be killed`,
    "stop it as the user who started it, or restart the machine",
    folder,
  );
};
