import type { Handler } from "../handler";
import type { Properties } from "../marshal";
import { lease } from "./lease";
import { process } from "./process";
import { remoteLease } from "./remote-lease";
import { server } from "./server";
import { values } from "./values";

/** A handler whose types are not known here: what is the same for every type of resource works with it. */
export type AnyHandler = Handler<Properties, Properties>;

/** Forgets a handler's types. It gets only what its own `inputs` have let through, and the outputs that it has made itself. */
export const anyHandler = <Inputs extends object, Outputs extends object>(handler: Handler<Inputs, Outputs>): AnyHandler =>
  handler as unknown as AnyHandler;

/** What the provider does, by type of resource. */
export const handlers = {
  Server: anyHandler(server),
  Lease: anyHandler(lease),
  RemoteLease: anyHandler(remoteLease),
  Values: anyHandler(values),
  Process: anyHandler(process),
} satisfies Record<string, AnyHandler>;

export type TypeName = keyof typeof handlers;

/** The handlers by the type of resource, as a URN has it. */
export const byType: Readonly<Record<string, AnyHandler>> = Object.fromEntries(
  Object.entries(handlers).map(([name, handler]) => [`endow-local:index:${name}`, handler]),
);
