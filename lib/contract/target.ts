import type { Input, Output, ProviderResource, Resource } from "@pulumi/pulumi";
import type { Environment } from "../environment";
import type { Problem } from "../errors";
import type { OptionsOf, PublicFieldsOf, SecretFieldsOf } from "../kind";
import type { Provisioned, ProvisionedKind } from "../kinds/provisioned";
import type { Plan } from "../plan";
import type { TargetFacts } from "../plan/facts";
import type { Cell } from "./cell";
import type { Make, Transform } from "./make";
import type { Platform } from "./platform";
import type { Delivered, Store } from "./store";

/** A group as a consumer gets it. */
export interface Delivery<P extends Platform = Platform> {
  /** The group's name. */
  readonly group: string;
  /** Every variable that a process needs for the group: values, references that the platform resolves, or the address that `load()` reads. */
  readonly variables: readonly Delivered[];
  /**
   * Changes with every value that this deploy wrote or had written: a workload that carries it is rolled when a value changes. No secret can be
   * worked out of it.
   */
  readonly revision: Output<string>;
  /** Everything that a consumer of the group must be allowed: to read its entries, and to reach what its settings live on. */
  access(consumer: P["Consumer"]): readonly P["Access"][];
  /** What has to be there before a consumer starts. */
  readonly ready: readonly Resource[];
}

export interface GrantRequest<P extends Platform> {
  /** Unique in the stack. */
  readonly name: string;
  readonly consumer: P["Consumer"];
  /** For what starts the consumer. Each key once, over all groups that it reads. */
  readonly start: readonly P["Access"][];
  /** For the consumer itself. */
  readonly run: readonly P["Access"][];
  readonly make: Make;
}

export interface WorkloadRequest<P extends Platform> {
  readonly plan: Plan;
  readonly name: string;
  /** Program and parameters. Others may read them: no secrets. */
  readonly command: readonly string[];
  /** Makes the image that it runs from; a target that runs none does not call it. */
  readonly image?: () => Input<string>;
  readonly port?: number;
  readonly health?: string;
  readonly cwd?: string;
  /** Variables of its own, `PORT` among them. */
  readonly env: Readonly<Record<string, Input<string>>>;
  readonly reads: ReadonlyArray<Delivery<P>>;
  /** Lets the consumer that the target makes for it read all of that; the process waits for what this returns. */
  readonly grant: (consumer: P["Consumer"]) => readonly Resource[];
  readonly make: Make;
}

/** A workload that runs. */
export interface Workload<P extends Platform> {
  readonly consumer: P["Consumer"];
  /** Where it is reached; `undefined` without a port. */
  readonly url: Output<string | undefined>;
}

/** What `preflight` may ask with. */
export interface PreflightOptions {
  readonly parent: Resource;
  readonly provider?: ProviderResource;
}

declare const platform: unique symbol;

/** A target as programs hand it on; what it does is between the target and the components. */
export interface AnyTarget<out P extends Platform = Platform> {
  /** What a plan has to know of it: pure data, and the one place that says who makes a credential. */
  readonly facts: TargetFacts;
  readonly [platform]?: P;
}

/** The platform of a target; of a target that is one of several, the platforms of all. */
export type PlatformOf<T extends AnyTarget> = T extends AnyTarget<infer P> ? P : never;

/** Cells by kind. One left out is refused with one clear problem. */
export type Cells<P extends Platform> = {
  readonly [N in ProvisionedKind]?: Cell<OptionsOf<Provisioned[N]>, PublicFieldsOf<Provisioned[N]>, SecretFieldsOf<Provisioned[N]>, P>;
};

/** Where an environment's resources run. Made by `local()` and the like; a class of its own is not needed to make another. */
export interface Target<P extends Platform> extends AnyTarget<P> {
  /** What tells it from another one of its name: a folder, an account. All components of a stack have the same. @default - there is only one */
  readonly place?: string;
  readonly cells: Cells<P>;
  /** Where the groups' values are kept. */
  readonly store: Store<P>;
  /** Names of the stores whose references the platform resolves by itself; from others an app fetches at start. */
  readonly resolves: readonly string[];
  /** Pure: why such an environment does not run here at all. Asked first; then nothing else is told. */
  readonly refuses?: (environment: Environment) => Problem | undefined;
  /** Pure, or reading this machine alone: why the plan cannot be deployed here, before a resource is registered. */
  readonly check?: (plan: Plan) => readonly Problem[];
  /** What is wrong with a reference that a program gives by `onServer()`, before it is used. Never holds a value. */
  readonly checkReference?: (reference: unknown) => readonly ReferenceFault[];
  /** What only the account knows, such as zones and offered versions. Nothing is made before it has answered. */
  readonly preflight?: (plan: Plan, options: PreflightOptions) => Output<readonly Problem[]>;
  /** What the program wants changed in the resources that are made. */
  readonly transform?: Transform;
  /** Lets a consumer in, ours or the program's own: one policy, one rule for each server. */
  grant(request: GrantRequest<P>): readonly Resource[];
  workload(request: WorkloadRequest<P>): Workload<P>;
}

/** Goes on from "the server". */
export type ReferenceFault = readonly [what: string, fix: string];
