import type { z } from "zod/v4";

/** Passed to each step of a resource's lifecycle. */
export interface StepContext {
  /** Aborted when the engine cancels or is gone: the step must stop and leave nothing half-done. */
  readonly signal: AbortSignal;
  /** Shown by the engine beside the resource during the step. Never a secret. */
  readonly progress: (message: string) => void;
  /** Shown by the engine as a warning, and kept in its summary. Never a secret. */
  readonly warn: (message: string) => void;
  /** Like `warn`, but for information. */
  readonly tell: (message: string) => void;
}

/** A resource in the engine's state. Values are plain: the provider removes and restores the engine's markers. */
export interface ResourceState<Inputs, Outputs> {
  readonly id: string;
  readonly inputs: Inputs;
  readonly outputs: Outputs;
}

/**
 * Implements one resource type. Each step is idempotent: it detects what is already done and does the rest, so that an interrupted
 * step can simply run again. Errors are `EndowError`s; none contains a secret.
 */
export interface Handler<Inputs extends object = object, Outputs extends object = object> {
  /** Schema of the inputs; values that are unknown until the deploy are not checked. */
  readonly inputs: z.ZodObject & z.ZodType<Inputs>;
  /**
   * Changed inputs that require a replacement; empty when an update suffices. `after` omits inputs that are unknown until the deploy.
   */
  readonly replaces: (before: Inputs, after: Partial<Inputs>) => ReadonlyArray<keyof Inputs & string>;
  /**
   * Whether to delete the old resource before creating the new one, because both need the same port.
   * @default false
   */
  readonly deleteBeforeReplace?: boolean;
  /** Inputs that are always secret, even if the program passes them as plain values. */
  readonly secretInputs: ReadonlyArray<keyof Inputs & string>;
  /** Secret top-level outputs. */
  readonly secretOutputs: (inputs: Inputs) => readonly string[];
  /** Outputs that no longer match although no input has changed: `running` of a server that was stopped. Starts and changes nothing. */
  readonly drifted?: (state: ResourceState<Inputs, Outputs>) => Promise<readonly string[]>;
  readonly create: (inputs: Inputs, context: StepContext) => Promise<{ readonly id: string; readonly outputs: Outputs }>;
  /** Reads the current state of the resource; `undefined` when it is gone. For an import only the id is known. Starts and changes nothing. */
  readonly read: (
    known: { readonly id: string } & Partial<ResourceState<Inputs, Outputs>>,
  ) => Promise<ResourceState<Inputs, Outputs> | undefined>;
  readonly update: (state: ResourceState<Inputs, Outputs>, inputs: Inputs, context: StepContext) => Promise<Outputs>;
  /** Does nothing when the resource is already gone. */
  readonly remove: (state: ResourceState<Inputs, Outputs>, context: StepContext) => Promise<void>;
}
