import { inspect } from "node:util";
import { InputPropertiesError } from "@pulumi/pulumi/errors";
import { EndowError, type Problem } from "../errors";

/** A component's constructor, omitted from an error's stack. */
export type Caller = NonNullable<Parameters<typeof Error.captureStackTrace>[1]>;

/**
 * Reports all problems of a component in one error type that the engine understands. Its stack contains only the program's own lines, starting where
 * it created the component.
 *
 * @param caller the component's constructor
 */
export const refusalError = (heading: string, problems: readonly Problem[], caller: Caller): InputPropertiesError => {
  const { message } = new EndowError("", heading, problems);
  const error = new InputPropertiesError({
    message,
    errors: problems.map(({ path, message: what, fix, code }) => ({ propertyPath: path, reason: `${what} (${code}); fix: ${fix}` })),
  });
  Error.captureStackTrace(error, caller);
  error.stack = ownLines(error.stack ?? "");
  // The message already contains the properties, and Pulumi would print both.
  return Object.defineProperty(error, inspect.custom, { value: () => error.stack });
};

/**
 * Drops the frames of Node and Pulumi that called the program. Node needs a minute to print one of Pulumi's in color: its source maps refer to
 * `node_modules/@pulumi/resource.ts`, which is not in any package.
 */
const ownLines = (stack: string): string => {
  const lines = stack.split("\n");
  const end = lines.findIndex((line) => /^\s+at .*(node:|[/\\]@pulumi[/\\])/.test(line));
  return lines.slice(0, end === -1 ? undefined : end).join("\n");
};

/** Runs checks, and reports an `EndowError` that they throw as the component's error. */
export const refusing = <T>(heading: string, caller: Caller, work: () => T): T => {
  try {
    return work();
  } catch (error) {
    if (error instanceof EndowError) throw refusalError(heading, error.problems, caller);
    throw error;
  }
};
