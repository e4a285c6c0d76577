import { inspect } from "node:util";
import { InputPropertiesError } from "@pulumi/pulumi/errors";
import { EndowError, type Problem } from "../errors";

/** A component's constructor, which an error's stack leaves out. */
export type Caller = NonNullable<Parameters<typeof Error.captureStackTrace>[1]>;

/**
 * All that is wrong with a component, as the one error that the engine knows. Its stack is the program's own lines, from the one that asked for
 * the component.
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
  // The message has all that the properties have, and Pulumi prints both.
  return Object.defineProperty(error, inspect.custom, { value: () => error.stack });
};

/**
 * Without those of Node and of Pulumi that led to the program. Node needs a minute to print one of Pulumi's with colours: its source maps name
 * `node_modules/@pulumi/resource.ts`, which is in no package.
 */
const ownLines = (stack: string): string => {
  const lines = stack.split("\n");
  const end = lines.findIndex((line) => /^\s+at .*(node:|[/\\]@pulumi[/\\])/.test(line));
  return lines.slice(0, end === -1 ? undefined : end).join("\n");
};

/** Runs what may find out that something cannot work, such as an environment that has no type. */
export const refusing = <T>(heading: string, caller: Caller, work: () => T): T => {
  try {
    return work();
  } catch (error) {
    if (error instanceof EndowError) throw refusalError(heading, error.problems, caller);
    throw error;
  }
};
