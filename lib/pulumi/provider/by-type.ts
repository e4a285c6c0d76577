import { type AnyHandler, anyHandler } from "./any-handler";
import { handlers } from "./handlers";

/** The handlers by the type of resource, as a URN has it. */
export const byType: Readonly<Record<string, AnyHandler>> = Object.fromEntries(
  Object.entries(handlers).map(([name, handler]) => [`endow-local:index:${name}`, anyHandler(handler)]),
);
