import { InputPropertiesError } from "@pulumi/pulumi/errors";
import { EndowError, type Problem } from "../errors";

/**
 * All that is wrong with a component, as the one error that the engine knows. Its stack starts at the line that asked for the component.
 *
 * @param caller the component's constructor
 */
export const refusal = (heading: string, problems: readonly Problem[], caller: object): InputPropertiesError => {
  const { message } = new EndowError("", heading, problems);
  const error = new InputPropertiesError({
    message,
    errors: problems.map(({ path, message: what, fix, code }) => ({ propertyPath: path, reason: `${what} (${code}); fix: ${fix}` })),
  });
  Error.captureStackTrace(error, caller as never);
  return error;
};

/** Runs what may find out that something cannot work, such as an environment that has no type. */
export const refusing = <T>(heading: string, caller: object, work: () => T): T => {
  try {
    return work();
  } catch (error) {
    if (error instanceof EndowError) throw refusal(heading, error.problems, caller);
    throw error;
  }
};
