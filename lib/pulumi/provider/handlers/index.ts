import type { Handler } from "../handler";
import type { Properties } from "../marshal";
import { generated } from "./generated";
import { lease } from "./lease";
import { process } from "./process";
import { remoteLease } from "./remote-lease";
import { server } from "./server";
import { values } from "./values";

/** A handler with its types erased, for code shared by all resource types. */
export type AnyHandler = Handler<Properties, Properties>;

/** Erases a handler's types. Safe, because a handler only receives inputs that its own schema has validated, and its own outputs. */
export const anyHandler = <Inputs extends object, Outputs extends object>(handler: Handler<Inputs, Outputs>): AnyHandler =>
  handler as unknown as AnyHandler;

/** Handlers by type name. */
export const handlers = {
  Server: anyHandler(server),
  Lease: anyHandler(lease),
  RemoteLease: anyHandler(remoteLease),
  Generated: anyHandler(generated),
  Values: anyHandler(values),
  Process: anyHandler(process),
} satisfies Record<string, AnyHandler>;

export type TypeName = keyof typeof handlers;

/** Handlers by the resource type in a URN. */
export const byType: Readonly<Record<string, AnyHandler>> = Object.fromEntries(
  Object.entries(handlers).map(([name, handler]) => [`endow-local:index:${name}`, handler]),
);
