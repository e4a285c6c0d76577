import type { z } from "zod";

/** What a step of a resource's life may use. */
export interface Context {
  /** Aborted when the engine cancels, or is gone: whatever is under way ends, and nothing half-done is left. */
  readonly signal: AbortSignal;
  /** Shown by the engine beside the resource while the step lasts. Never a secret. */
  readonly progress: (message: string) => void;
  /** Shown by the engine, and kept in its summary. Never a secret. */
  readonly warn: (message: string) => void;
  /** As `warn`, for what is as it should be and good to know. */
  readonly tell: (message: string) => void;
}

/** A resource as the engine's state holds it. Values are plain: the provider takes the engine's marks off and puts them on. */
export interface ResourceState<Inputs, Outputs> {
  readonly id: string;
  readonly inputs: Inputs;
  readonly outputs: Outputs;
}

/**
 * What the provider does for one type of resource. Each step finds what is done already and does the rest, so that one that was cut off
 * is simply run again. Errors are `EndowError`s; none holds a secret.
 */
export interface Handler<Inputs extends object = object, Outputs extends object = object> {
  /** What the inputs must be; a value that is not known before the deploy is not looked at. */
  readonly inputs: z.ZodObject & z.ZodType<Inputs>;
  /**
   * Inputs whose change makes a new resource of it; empty when an update will do. An input that is not known before the deploy is left
   * out of `after`.
   */
  readonly replaces: (before: Inputs, after: Partial<Inputs>) => ReadonlyArray<keyof Inputs & string>;
  /**
   * Whether the old resource has to be gone before the new one is made: both would want the same port.
   * @default false
   */
  readonly deleteBeforeReplace?: boolean;
  /** Inputs whose value is secret, whatever the program says. */
  readonly secretInputs: ReadonlyArray<keyof Inputs & string>;
  /** Top-level outputs whose value is secret. */
  readonly secretOutputs: (inputs: Inputs) => readonly string[];
  /** Outputs that do not hold any more although no input has changed: `running` of a server that was ended. Starts and changes nothing. */
  readonly drifted?: (state: ResourceState<Inputs, Outputs>) => Promise<readonly string[]>;
  readonly create: (inputs: Inputs, context: Context) => Promise<{ readonly id: string; readonly outputs: Outputs }>;
  /** The resource as it is now; `undefined` when it is gone. For an import only the id is known. Starts and changes nothing. */
  readonly read: (
    known: { readonly id: string } & Partial<ResourceState<Inputs, Outputs>>,
  ) => Promise<ResourceState<Inputs, Outputs> | undefined>;
  readonly update: (state: ResourceState<Inputs, Outputs>, inputs: Inputs, context: Context) => Promise<Outputs>;
  /** Nothing happens when it is gone already. */
  readonly remove: (state: ResourceState<Inputs, Outputs>, context: Context) => Promise<void>;
}
