import type { Input, Output, Resource } from "@pulumi/pulumi";
import type { GeneratedFields } from "../generation";
import type { Plan, PlannedSecret } from "../plan";
import type { BrokerEntry } from "./cell";
import type { Make } from "./make";

export interface GenerateRequest {
  readonly plan: Plan;
  /** Identifies the value permanently, and describes how to make a new one. */
  readonly secret: PlannedSecret;
  /** All variables of the setting with their entries, if a broker makes the value; else empty. */
  readonly entries: readonly BrokerEntry[];
  readonly make: Make;
}

/** A setting's generated value. */
export interface GeneratedSecret {
  /** The maker, as in the target's facts: the deploy, which knows the fields; or a broker, which wrote the entries and reports their version. */
  readonly credential:
    | { readonly by: "deploy"; readonly fields: { readonly [F in keyof GeneratedFields]: Input<string> } }
    | { readonly by: "broker"; readonly version: Output<string> };
  /** Resources that must exist before a consumer starts. */
  readonly ready: readonly Resource[];
}

/**
 * Makes a setting's generated value, or finds the existing one. It is kept under the setting's id. It is never replaced: not by a changed
 * `generation`, a rename with `formerly`, a supplied value that is later removed, or destroying and redeploying the stack.
 */
export type GenerateSecret = (request: GenerateRequest) => GeneratedSecret;
