import { closeSync, openSync } from "node:fs";
import { codeOf, EndowError, fault, type Problem } from "../errors";

/** What the system says, and PostgreSQL, Redis and Go programs in their words, when no more files can be opened. */
const SIGNS = /\bE[MN]FILE\b|too many (?:open files|files open)|insufficient file descriptors|'ulimit -n' of \d+ is not enough/i;

/**
 * An error that comes of too many open files, as one that says so: whatever failed for want of a file, and whatever would help if that had been
 * the matter, something else did not go wrong. Any other error as it is.
 */
export const withRealCause = <T>(error: T): T | EndowError => {
  if (error instanceof EndowError) return error.problems.some(isOutOfFiles) ? inProblems(error) : error;
  const code = codeOf(error);
  return error instanceof Error && (code === "EMFILE" || code === "ENFILE") ? outOfFiles(error.message, "") : error;
};

/** Our own work opens some files at once, those that a settings file imports among them, and what it is done with may hide that it could not. */
const NEEDED = 12;

/** @throws EndowError `TOO_MANY_OPEN_FILES` where this process may hardly open any */
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

const isOutOfFiles = ({ message }: Problem): boolean => SIGNS.test(message);

const CODE = "TOO_MANY_OPEN_FILES";

const outOfFiles = (message: string, path: string): EndowError => fault(CODE, sentence(message), fixFor(message), path);

const outOfFilesProblem = ({ message, path }: Problem): Problem => ({ code: CODE, path, message: sentence(message), fix: fixFor(message) });

const sentence = (message: string): string => `no more files can be opened at once: ${message}`;

/** What runs keeps the limit that it was started with. */
const fixFor = (message: string): string =>
  /\bENFILE\b/.test(message)
    ? "the whole machine has no more: end programs that hold many files open, or raise its limit (sysctl fs.file-max), then run this again"
    : "allow more (`ulimit -n 4096`), stop what still runs with the old limit (`endow dev --stop`), then run this again";
