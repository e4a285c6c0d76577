import type { Input, Output, Resource } from "@pulumi/pulumi";
import type { Problem } from "../errors";
import type { Plan, PlannedResource, PlannedServer } from "../plan";
import type { Content } from "../values/written";
import type { Make } from "./make";
import type { Platform } from "./platform";
import type { EntryRef } from "./store";

type Inputs<T> = { readonly [F in keyof T]: Input<T[F]> };

/** What is provisioned for one setting: a database and its role, a user, a bucket. */
export interface Lease<Public, Secret, P extends Platform> {
  readonly fields: Inputs<Public>;
  /**
   * Who creates the credential: the deploy; a broker next to the server, which writes the setting's entry and reports the version that it
   * wrote; or neither, because the consumer authenticates with its own identity.
   */
  readonly credential:
    | { readonly by: "deploy"; readonly fields: Inputs<Secret> }
    | { readonly by: "broker"; readonly version: Output<string> }
    | { readonly by: "identity" };
  access(consumer: P["Consumer"]): readonly P["Access"][];
  /** Resources that must exist before a consumer starts. */
  readonly ready: readonly Resource[];
}

/** A variable that a broker writes. */
export interface BrokerEntry {
  /** `DATABASE_URL`: its key in the entry. */
  readonly variable: string;
  /** How its text is composed of the resource's fields: data for `composed()`. */
  readonly content: Content;
  readonly entry: EntryRef;
}

export interface ServerRequest {
  readonly plan: Plan;
  readonly server: PlannedServer;
  readonly make: Make;
}

export interface LeaseRequest<Options, Server> {
  readonly plan: Plan;
  readonly resource: PlannedResource;
  readonly options: Options;
  /** The result of `server` or `find`; leases work the same on both. `undefined` if the target has no servers for the kind. */
  readonly server: Server;
  /** The variables of the setting that a broker writes, with their entries. */
  readonly entries: readonly BrokerEntry[];
  readonly make: Make;
}

/** The target-specific implementation of one kind; the rest belongs to the kind. */
export interface Cell<Options, Public, Secret, P extends Platform, Server = unknown> {
  /** Pure: problems that can be detected before a resource is registered. */
  check?(resource: PlannedResource, options: Options, plan: Plan): readonly Problem[];
  /** Makes a server for the environment. Absent if the kind needs none, such as a bucket on AWS. */
  server?(request: ServerRequest): Server;
  /** The form of a server, if there is a choice: `cluster`. Fixed for a stack: changing it would create a new server without the data. */
  readonly madeOf?: (server: PlannedServer, plan: Plan) => string;
  /** Looks up an existing server: the program's own, or the base stack's in a preview. Absent if not supported. */
  find?(reference: P["Reference"], server: Pick<PlannedResource, "kind" | "server">): Server;
  /** The reference to a server made here, for `find` in previews of this stack. */
  reference?(server: Server): P["Reference"];
  lease(request: LeaseRequest<Options, Server>): Lease<Public, Secret, P>;
}
