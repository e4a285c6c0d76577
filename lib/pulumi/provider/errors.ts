import { type StatusObject, status } from "@grpc/grpc-js";
import { codeOf, fault } from "../../errors";
import { withRealCause } from "../../internal/open-files";

/**
 * Converts an error for the engine. Errors with a code (endow's and the system's) keep their message and code.
 * Any other error is a bug: its stack goes to standard error, which the engine shows.
 */
export const grpcStatusOf = (thrown: unknown): Partial<StatusObject> => {
  const error = withRealCause(thrown);
  if (isStatus(error)) return error;
  const code = codeOf(error);
  const message = error instanceof Error ? error.message : String(error);
  // Any other status would make the engine treat the resource's state as unknown, although every step can simply run again.
  if (code !== undefined) return { code: recoverable[code] ?? status.FAILED_PRECONDITION, details: `${message}\n  code: ${code}` };
  console.error(error instanceof Error ? error.stack : error);
  return { code: status.INTERNAL, details: `${message}\n  this is a bug in endow: please report it with the output above` };
};

/** Reason for aborting running steps. */
export const cancelled = () =>
  fault("CANCELLED", "cancelled before it was finished", "run the same command again: it resumes where this run stopped");

/** @param seconds from the resource's `customTimeouts` */
export const timedOut = (seconds: number) =>
  fault("TIMEOUT", `not finished within ${seconds} s`, "increase the resource's customTimeouts, or find out what blocks it");

/** Status for methods that this provider does not implement. */
export const unimplemented = (details: string): Partial<StatusObject> => ({ code: status.UNIMPLEMENTED, details });

const recoverable: Readonly<Record<string, status>> = { CANCELLED: status.CANCELLED, TIMEOUT: status.DEADLINE_EXCEEDED };

const isStatus = (error: unknown): error is Partial<StatusObject> =>
  typeof error === "object" && error !== null && "code" in error && typeof error.code === "number" && "details" in error;
