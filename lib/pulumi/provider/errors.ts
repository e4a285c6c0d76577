import { type StatusObject, status } from "@grpc/grpc-js";
import { codeOf, fault } from "../../errors";
import { withRealCause } from "../../internal/open-files";

/**
 * What the engine is told about an error. Ours and the machine's read as they are: what is wrong, what to do about it, and the code.
 * Anything else is a bug: its stack goes to standard error, which the engine shows.
 */
export const grpcStatusOf = (thrown: unknown): Partial<StatusObject> => {
  const error = withRealCause(thrown);
  if (isStatus(error)) return error;
  const code = codeOf(error);
  const message = error instanceof Error ? error.message : String(error);
  // A code other than these would have the engine hold the resource's state for unknown, and every step can simply be run again.
  if (code !== undefined) return { code: recoverable[code] ?? status.FAILED_PRECONDITION, details: `${message}\n  code: ${code}` };
  console.error(error instanceof Error ? error.stack : error);
  return { code: status.INTERNAL, details: `${message}\n  this is a bug in endow: please report it, with what is written above` };
};

/** Why what was under way has ended. */
export const cancelled = () =>
  fault("CANCELLED", "this was cancelled before it was done", "run the same command again: it goes on where this ended");

/** @param seconds that the resource's `customTimeouts` give it */
export const timedOut = (seconds: number) =>
  fault("TIMEOUT", `this was not done within ${seconds} s`, "give it more time in the resource's customTimeouts, or see what holds it up");

/** For what this provider cannot do. */
export const unimplemented = (details: string): Partial<StatusObject> => ({ code: status.UNIMPLEMENTED, details });

const recoverable: Readonly<Record<string, status>> = { CANCELLED: status.CANCELLED, TIMEOUT: status.DEADLINE_EXCEEDED };

const isStatus = (error: unknown): error is Partial<StatusObject> =>
  typeof error === "object" && error !== null && "code" in error && typeof error.code === "number" && "details" in error;
