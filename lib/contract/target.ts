import type { Input, Output, Resource } from "@pulumi/pulumi";
import type { Environment } from "../environment";
import type { Problem } from "../errors";
import type { OptionsOf, PublicFieldsOf, SecretFieldsOf } from "../kind";
import type { Provisioned, ProvisionedKind } from "../kinds/provisioned";
import type { Plan } from "../plan";
import type { TargetFacts } from "../plan/facts";
import type { Cell } from "./cell";
import type { GenerateSecret } from "./generate";
import type { Make, Transform } from "./make";
import type { Platform } from "./platform";
import type { Delivered, Store } from "./store";

/** A group in the form delivered to a consumer. */
export interface Delivery<P extends Platform = Platform> {
  /** The group's name. */
  readonly group: string;
  /** All variables that a process needs for the group: values, references that the platform resolves, or the address that `load()` reads. */
  readonly variables: readonly Delivered[];
  /**
   * Changes with every value that this deploy or its brokers wrote: a workload that includes it is redeployed when a value changes. Does not
   * reveal any secret.
   */
  readonly revision: Output<string>;
  /** All permissions that a consumer of the group needs: to read its entries, and to reach the servers of its settings. */
  access(consumer: P["Consumer"]): readonly P["Access"][];
  /** Resources that must exist before a consumer starts. */
  readonly ready: readonly Resource[];
}

export interface GrantRequest<P extends Platform> {
  /** Unique in the stack. */
  readonly name: string;
  readonly consumer: P["Consumer"];
  /** Permissions for whatever starts the consumer. Each key once across all groups that it reads. */
  readonly start: readonly P["Access"][];
  /** Permissions for the consumer itself. */
  readonly run: readonly P["Access"][];
  readonly make: Make;
}

export interface WorkloadRequest<P extends Platform> {
  readonly plan: Plan;
  readonly name: string;
  /** Program and arguments. Other users may read them: no secrets. */
  readonly command: readonly string[];
  /** Builds the image; targets that do not run images do not call it. */
  readonly image?: () => Input<string>;
  readonly port?: number;
  readonly health?: string;
  readonly cwd?: string;
  /** The workload's own variables, including `PORT`. */
  readonly env: Readonly<Record<string, Input<string>>>;
  readonly reads: ReadonlyArray<Delivery<P>>;
  /** Grants the workload's consumer access to `reads`; the process must depend on the returned resources. */
  readonly grant: (consumer: P["Consumer"]) => readonly Resource[];
  readonly make: Make;
}

/** A running workload. */
export interface Workload<P extends Platform> {
  readonly consumer: P["Consumer"];
  /** Its address; `undefined` without a port. */
  readonly url: Output<string | undefined>;
}

/** Pulumi options for the calls of `preflight`. */
export interface PreflightOptions {
  /** Carries the providers too. */
  readonly parent: Resource;
}

declare const platform: unique symbol;

/** A target as user programs see it; its methods are used by the components only. */
export interface AnyTarget<out P extends Platform = Platform> {
  /** What a plan needs to know about it: pure data, and the only place that defines who creates credentials. */
  readonly facts: TargetFacts;
  readonly [platform]?: P;
}

/** The platform of a target; for a union of targets, the union of their platforms. */
export type PlatformOf<T extends AnyTarget> = T extends AnyTarget<infer P> ? P : never;

/** Cells by kind. Using a kind without a cell is reported as one problem. */
export type Cells<P extends Platform> = {
  readonly [N in ProvisionedKind]?: Cell<OptionsOf<Provisioned[N]>, PublicFieldsOf<Provisioned[N]>, SecretFieldsOf<Provisioned[N]>, P>;
};

/** Where an environment's resources run. Made by functions such as `local()`; any object of this type is a target. */
export interface Target<P extends Platform> extends AnyTarget<P> {
  /** Distinguishes targets of the same name: a folder, an account. The same for all components of a stack. @default - there is only one */
  readonly place?: string;
  readonly cells: Cells<P>;
  /** Makes generated secrets; the facts name the maker. Absent if the user must supply them. */
  readonly generate?: GenerateSecret;
  /** Stores the groups' values. */
  readonly store: Store<P>;
  /** Names of the stores whose references the platform resolves; the app fetches from any other store at startup. */
  readonly resolves: readonly string[];
  /** Pure: problem if the target does not support this environment type; checked first and reported alone. */
  readonly refuses?: (environment: Environment) => Problem | undefined;
  /** Pure, or reading only this machine: problems of the plan, checked before a resource is registered. */
  readonly check?: (plan: Plan) => readonly Problem[];
  /** Problems of a reference passed to `onServer()`, checked before it is used. Never quotes a value. */
  readonly checkReference?: (reference: unknown) => readonly ReferenceFault[];
  /** Checks that need the account, such as zones and available versions. No resource is made before it has completed. */
  readonly preflight?: (plan: Plan, options: PreflightOptions) => Output<readonly Problem[]>;
  /** The program's changes to the resources. */
  readonly transform?: Transform;
  /** Grants a consumer access, ours or the program's own: one policy, one rule per server. */
  grant(request: GrantRequest<P>): readonly Resource[];
  workload(request: WorkloadRequest<P>): Workload<P>;
}

/** `what` follows "the server" in the message. */
export type ReferenceFault = readonly [what: string, fix: string];
