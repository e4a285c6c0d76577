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
 * Runs a tool to its end, without a shell and with no standard input, and gives what it printed.
 * Rejects with a `SourceError` that has the last lines of its standard error, or with `ENOENT` when there is no such tool.
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

/** What `execFile` rejects with: `code` is an exit code, or a name such as `ENOENT` when the tool did not start. */
interface FailedRun extends Error {
  readonly code?: number | string | null;
  readonly killed?: boolean;
  readonly stderr?: string;
}

const failure = (tool: string, timeout: number, error: FailedRun): Error => {
  // EACCES: not in any folder of PATH, one of which this user may not look into.
  const isMissing = error.code === "ENOENT" || (error.code === "EACCES" && !path.isAbsolute(tool));
  if (isMissing) return Object.assign(new Error(`there is no ${tool} here`), { code: "ENOENT" });
  const why = error.killed === true ? `took longer than ${timeout / 1000} s` : `failed (${error.code ?? error.message})`;
  const lines = (error.stderr ?? "").trim().split("\n").slice(-LAST_LINES).join("\n    ");
  const message = `${tool} ${why}${lines === "" ? "" : `:\n    ${lines}`}`;
  return new SourceError(message);
};
