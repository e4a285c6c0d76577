import type { Handler } from "./handler";
import type { Properties } from "./struct";

/** A handler whose types are not known here: what is the same for every type of resource works with it. */
export type AnyHandler = Handler<Properties, Properties>;

/** Forgets a handler's types. It gets only what its own `inputs` have let through, and the outputs that it has made itself. */
export const anyHandler = <Inputs extends object, Outputs extends object>(handler: Handler<Inputs, Outputs>): AnyHandler =>
  handler as unknown as AnyHandler;
