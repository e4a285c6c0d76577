import { closeSync, openSync } from "node:fs";
import { codeOf, EndowError, fault, type Problem } from "../errors";

/** The messages of the system, PostgreSQL, Redis and Go programs when no more files can be opened. */
const SIGNS = /\bE[MN]FILE\b|too many (?:open files|files open)|insufficient file descriptors|'ulimit -n' of \d+ is not enough/i;

/**
 * Replaces an error caused by too many open files with one that says so, because the original message and fix would mislead.
 * Returns any other error unchanged.
 */
export const withRealCause = <T>(error: T): T | EndowError => {
  if (error instanceof EndowError) return error.problems.some(isOutOfFiles) ? inProblems(error) : error;
  const code = codeOf(error);
  return error instanceof Error && (code === "EMFILE" || code === "ENFILE") ? outOfFiles(error.message, "") : error;
};

/** Files that endow opens at once, including imports of a settings file. Libraries may hide that one could not be opened. */
const NEEDED = 12;

/** @throws EndowError `TOO_MANY_OPEN_FILES` if this process cannot open that many */
export const assertFilesCanBeOpened = (): void => {
  const opened: number[] = [];
  try {
    while (opened.length < NEEDED) opened.push(openSync(process.execPath, "r"));
  } catch (error) {
    throw withRealCause(error);
  } finally {
    opened.forEach(closeSync);
  }
};

const inProblems = ({ code, message, problems }: EndowError): EndowError => {
  const [only, ...others] = problems.map((problem) => (isOutOfFiles(problem) ? outOfFilesProblem(problem) : problem));
  if (only && others.length === 0) return outOfFiles(problems[0]?.message ?? message, only.path);
  return new EndowError(code, message.split("\n")[0] ?? "", only ? [only, ...others] : []);
};

const CODE = "TOO_MANY_OPEN_FILES";

const isOutOfFiles = ({ code, message }: Problem): boolean => code !== CODE && SIGNS.test(message);

const outOfFiles = (message: string, path: string): EndowError => fault(CODE, sentence(message), fixFor(message), path);

const outOfFilesProblem = ({ message, path }: Problem): Problem => ({ code: CODE, path, message: sentence(message), fix: fixFor(message) });

const sentence = (message: string): string => `too many open files: ${message}`;

/** Running processes keep the limit they were started with. */
const fixFor = (message: string): string =>
  /\bENFILE\b/.test(message)
    ? "the machine's limit is reached: stop programs with many open files, or raise the limit (sysctl fs.file-max), then retry"
    : "raise the limit (`ulimit -n 4096`), stop servers that still run with the old limit (`endow dev --stop`), then retry";
