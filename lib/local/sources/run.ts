import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { SourceError } from "./source";

export interface RunOptions {
  readonly signal: AbortSignal;
  /** Milliseconds. */
  readonly timeout: number;
  /** Added to this process's own environment. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly folder?: string;
}

const MEGABYTE = 1024 * 1024;
const LAST_LINES = 5;

/**
 * Runs a tool without a shell or standard input, and returns its output.
 * Rejects with a `SourceError` that quotes the last lines of standard error, or with `ENOENT` if the tool does not exist.
 */
export const run = async (tool: string, args: readonly string[], options: RunOptions): Promise<string> => {
  const running = promisify(execFile)(tool, [...args], {
    cwd: options.folder,
    env: { ...process.env, ...options.environment },
    timeout: options.timeout,
    signal: options.signal,
    maxBuffer: 64 * MEGABYTE,
  });
  running.child.stdin?.end();
  try {
    const { stdout } = await running;
    return stdout;
  } catch (error) {
    options.signal.throwIfAborted();
    throw failure(tool, options.timeout, error as FailedRun);
  }
};

/** The error of `execFile`: `code` is an exit code, or a name such as `ENOENT` if the tool did not start. */
interface FailedRun extends Error {
  readonly code?: number | string | null;
  readonly killed?: boolean;
  readonly stderr?: string;
}

const failure = (tool: string, timeout: number, error: FailedRun): Error => {
  // EACCES: not found on PATH, which has a folder this user cannot read.
  const isMissing = error.code === "ENOENT" || (error.code === "EACCES" && !path.isAbsolute(tool));
  if (isMissing) return Object.assign(new Error(`${tool} not found`), { code: "ENOENT" });
  const why = error.killed === true ? `took longer than ${timeout / 1000} s` : `failed (${error.code ?? error.message})`;
  const lines = (error.stderr ?? "").trim().split("\n").slice(-LAST_LINES).join("\n    ");
  const message = `${tool} ${why}${lines === "" ? "" : `:\n    ${lines}`}`;
  return new SourceError(message);
};
