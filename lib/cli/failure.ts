import { isAbsolute } from "node:path";
import { getSystemErrorMap } from "node:util";
import { codeOf, type Problem } from "../errors";
import { withRealCause } from "../internal/open-files";
import { exitCodeOf, Interruption } from "./signals";
import { colors, OutputClosed } from "./output";

/** How an error is reported when it ends the program. */
export interface PrintedError {
  /** "" if nothing is printed. */
  readonly message: string;
  readonly exitCode: number;
}

/** Describes an error to the user: what is wrong and how to fix it, without a stack. An unexpected error is a bug, shown with its stack. */
export const failureOf = (thrown: unknown): PrintedError => {
  const error = withRealCause(thrown);
  if (error instanceof Interruption) return { message: error.message, exitCode: error.exitCode };
  // As in a shell, where SIGPIPE ends a tool whose reader is gone: only a pipeline under `pipefail` notices.
  if (error instanceof OutputClosed) return { message: "", exitCode: exitCodeOf("SIGPIPE") };
  const heading = colors.bold(colors.red("error:"));
  if (isOurs(error)) return { message: `${heading} ${error.message}\n  code: ${error.code}`, exitCode: 1 };
  if (isSystemError(error))
    return { message: `${heading} ${error.message}\n  fix: ${systemFix(error)}\n  code: ${error.code}`, exitCode: 1 };
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { message: `${heading} this is a bug in endow: please report it with the output below\n${stack}`, exitCode: 1 };
};

interface CodedError extends Error {
  readonly code: string;
  readonly problems: readonly Problem[];
}

const isOurs = (error: unknown): error is CodedError => error instanceof Error && codeOf(error) !== undefined && "problems" in error;

interface SystemError extends Error {
  readonly code: string;
  readonly errno: number;
  readonly path?: string;
}

/** An error from the operating system, such as a full disk or a missing permission. */
const isSystemError = (error: unknown): error is SystemError =>
  error instanceof Error && "errno" in error && typeof error.errno === "number" && getSystemErrorMap().has(error.errno);

const fixes: Readonly<Record<string, string>> = {
  ENOSPC: "free some disk space",
  EACCES: "grant yourself access",
  EPERM: "grant yourself access",
  EROFS: "use a writable folder",
};

const systemFix = ({ code, path }: SystemError): string =>
  `${fixes[code] ?? "fix the error reported by the system, then retry"}${path !== undefined && isAbsolute(path) ? ` (${path})` : ""}`;
