import type { Input, Output, Resource } from "@pulumi/pulumi";
import type { GeneratedFields } from "../generation";
import type { Plan, PlannedSecret } from "../plan";
import type { BrokerEntry } from "./cell";
import type { Make } from "./make";

export interface GenerateRequest {
  readonly plan: Plan;
  /** Identifies the value, permanently, and describes how a new one is made. */
  readonly secret: PlannedSecret;
  /** All variables of the setting with their entries, if a broker makes the value; else empty. */
  readonly entries: readonly BrokerEntry[];
  readonly make: Make;
}

/** A setting's generated value. */
export interface GeneratedSecret {
  /** Who made it, as the target's facts say: the deploy, which knows its fields; or a broker, which wrote the entries and reports their version. */
  readonly credential:
    | { readonly by: "deploy"; readonly fields: { readonly [F in keyof GeneratedFields]: Input<string> } }
    | { readonly by: "broker"; readonly version: Output<string> };
  /** Resources that must exist before a consumer starts. */
  readonly ready: readonly Resource[];
}

/**
 * Makes a setting's generated value, or finds the existing one. Once made, it is kept under the setting's id: another `generation`, a rename with
 * `formerly`, a supplied value that is removed again, and a stack that is destroyed and deployed again never replace it.
 */
export type GenerateSecret = (request: GenerateRequest) => GeneratedSecret;
