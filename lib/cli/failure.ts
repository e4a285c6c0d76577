import { isAbsolute } from "node:path";
import { getSystemErrorMap } from "node:util";
import { codeOf, type Problem } from "../errors";
import { withRealCause } from "../internal/open-files";
import { exitCodeOf, Interruption } from "./signals";
import { colors, OutputClosed } from "./output";

/** How an error ends the program. */
export interface PrintedError {
  /** "" where there is nobody to tell. */
  readonly message: string;
  readonly exitCode: number;
}

/** What a person is told about an error: what is wrong and what to do, without a stack; one that nobody foresaw is a bug, with its stack. */
export const failureOf = (thrown: unknown): PrintedError => {
  const error = withRealCause(thrown);
  if (error instanceof Interruption) return { message: error.message, exitCode: error.exitCode };
  // As a shell has it for the tools that a closed pipe ends by a signal: a pipeline under `pipefail` is told that not all was read, others are not.
  if (error instanceof OutputClosed) return { message: "", exitCode: exitCodeOf("SIGPIPE") };
  const heading = colors.bold(colors.red("error:"));
  if (isOurs(error)) return { message: `${heading} ${error.message}\n  code: ${error.code}`, exitCode: 1 };
  if (isSystemError(error))
    return { message: `${heading} ${error.message}\n  fix: ${systemFix(error)}\n  code: ${error.code}`, exitCode: 1 };
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { message: `${heading} this is a bug in endow: please report it, with what follows\n${stack}`, exitCode: 1 };
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

/** The machine's doing: a full disk, a missing right. */
const isSystemError = (error: unknown): error is SystemError =>
  error instanceof Error && "errno" in error && typeof error.errno === "number" && getSystemErrorMap().has(error.errno);

const fixes: Readonly<Record<string, string>> = {
  ENOSPC: "free some disk space",
  EACCES: "give yourself the right to it",
  EPERM: "give yourself the right to it",
  EROFS: "use a folder that can be written in",
};

const systemFix = ({ code, path }: SystemError): string =>
  `${fixes[code] ?? "put right what the system complains about, then run this again"}${path !== undefined && isAbsolute(path) ? ` (${path})` : ""}`;
