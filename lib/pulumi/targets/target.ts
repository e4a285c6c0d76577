import type { CustomResourceOptions, Input, Output, Resource } from "@pulumi/pulumi";
import type { Environment } from "../../environment";
import type { Problem } from "../../errors";
import type { FieldsOf, OptionsOf } from "../../kind";
import type { Provisioned, ProvisionedKind } from "../../kinds";
import type { Plan, PlannedResource, PlannedServer } from "../../plan";
import type { Store } from "../../stores/deployer";
import type { ExistingServerArgs } from "../on-server";

/** A workload that reads groups. */
export interface Consumer {
  /** As the plan's `consumers` has it. */
  readonly name: string;
}

/** What lets a consumer reach a resource: nothing where there is nothing to let it through. */
export interface Grant {
  /** Statements for the consumer's role. */
  readonly statements: readonly Input<object>[];
  /** Rules that open the way through a network. */
  readonly rules: readonly Resource[];
}

/** A server that settings of a kind live on: made by us, found, or shared by all previews. */
export interface Server {
  readonly resource?: Resource;
  readonly address: Input<{ readonly host: string; readonly port: number }>;
  /** Where the administrator's credential is kept: a reference, never a value. */
  readonly administrator: Input<string>;
}

/** What one setting gets on a server: database and role, user and key prefix, bucket. */
export interface Lease<Fields> {
  readonly fields: { readonly [P in keyof Fields]: Input<Fields[P]> };
  /** Who writes the setting's store entry: the deploy, or whoever made the credential where it runs. */
  readonly writer: "deploy" | { readonly entry: Input<string> };
  /** What has to be there before a consumer starts. */
  readonly ready: readonly Resource[];
  readonly admit: (consumer: Consumer) => Grant;
}

/** The environment that something is made for. */
export interface Place {
  readonly plan: Plan;
  /** Its name, known once nothing speaks against deploying it; whatever is made takes it from here. */
  readonly environment: Input<string>;
}

/** What every request to a target holds. */
interface Request extends Place {
  /** Parent, aliases, protection and what else the components were told; for each resource that is made. */
  readonly opts: CustomResourceOptions;
}

export interface ServerRequest extends Request {
  readonly server: PlannedServer;
}

export interface LeaseRequest<Options> extends Request {
  readonly resource: PlannedResource;
  /** Where the resource lives, as planned. */
  readonly planned: PlannedServer;
  readonly options: Options;
}

export interface LeaseOnRequest<Options> extends Omit<LeaseRequest<Options>, "planned"> {
  /** The server, as the program has it. */
  readonly on: ExistingServerArgs;
}

export interface WorkloadRequest extends Request {
  readonly consumer: Consumer;
  readonly command: readonly string[];
  /** Makes the image that it runs from; a target that runs none does not call it. */
  readonly image?: () => Input<string>;
  readonly port?: number;
  readonly health?: string;
  readonly cwd?: string;
  /** Its environment, secrets among them. */
  readonly variables: Output<Record<string, string>>;
}

/** A workload that runs. */
export interface Workload {
  /** Where it is reached; `undefined` without a port. */
  readonly url: Output<string | undefined>;
}

/** What a target does for one kind: only what that target alone decides; the rest is the kind's own. */
export interface Cell<Options, Fields> {
  /** Pure: everything that can be refused before a resource is registered. */
  readonly check?: (resource: PlannedResource, options: Options, plan: Plan) => readonly Problem[];
  /** Absent where the target has no server of its own for the kind, such as a bucket on AWS. */
  readonly server?: (request: ServerRequest) => Server;
  readonly lease: (request: LeaseRequest<Options>, server?: Server) => Lease<Fields>;
  /** As `lease`, on a server that somebody else runs. Absent where that cannot be: it is then refused. */
  readonly leaseOn?: (request: LeaseOnRequest<Options>) => Lease<Fields>;
}

/** One cell per kind; a kind left out does not compile. What a target cannot do is a cell that says so. */
export type Cells = { readonly [N in ProvisionedKind]: Cell<OptionsOf<Provisioned[N]>, FieldsOf<Provisioned[N]>> };

/** Where an environment's resources run. Made by `local()` and the like; a class of its own is not needed to make another. */
export interface Target {
  /** As `plan.target` has it. */
  readonly name: string;
  /** What tells it from another one of its name: a folder, an account. A stack's components have the same. @default - there is but one */
  readonly place?: string;
  readonly cells: Cells;
  /** Where the groups' values are kept. */
  readonly store: Store;
  /** Pure: why such an environment does not run here at all. Asked first; then nothing else is said, since another target may need other things. */
  readonly refuses?: (environment: Environment) => Problem | undefined;
  /** Pure, or reading this machine alone: why the plan cannot be deployed here, before a resource is registered. */
  readonly check?: (plan: Plan) => readonly Problem[];
  readonly workload: (request: WorkloadRequest) => Workload;
}

/** The cell of a planned resource. Its options and fields belong to its kind, which the caller has at hand as data. */
export const cellOf = ({ cells }: Target, kind: string): Cell<unknown, object> =>
  cells[kind as ProvisionedKind] as unknown as Cell<unknown, object>;
