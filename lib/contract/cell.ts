import type { Input, Output, Resource } from "@pulumi/pulumi";
import type { Problem } from "../errors";
import type { Plan, PlannedResource, PlannedServer } from "../plan";
import type { Make } from "./make";
import type { Platform } from "./platform";
import type { EntryRef } from "./store";

type Inputs<T> = { readonly [F in keyof T]: Input<T[F]> };

/** What one setting gets on a server: a database and its role, a user, a bucket. */
export interface Lease<Public, Secret, P extends Platform> {
  readonly fields: Inputs<Public>;
  /**
   * Who makes and knows the credential: the deploy; a broker where the server runs, which writes the setting's entry and is known by the
   * version it wrote; or nobody, because the consumer's own identity lets it in.
   */
  readonly credential:
    | { readonly by: "deploy"; readonly fields: Inputs<Secret> }
    | { readonly by: "broker"; readonly version: Output<string> }
    | { readonly by: "identity" };
  access(consumer: P["Consumer"]): readonly P["Access"][];
  /** What has to be there before a consumer starts. */
  readonly ready: readonly Resource[];
}

/** One variable that a broker is to write. */
export interface BrokerEntry {
  /** `DATABASE_URL`: its key in the entry. */
  readonly variable: string;
  /** By which the kind's `encode` gives its text. */
  readonly suffix: string;
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
  /** Made by `server` or found by `find`: a lease is made in one way on both. `undefined` where the target has no servers for the kind. */
  readonly server: Server;
  /** The setting's variables that a broker writes, and where. */
  readonly entries: readonly BrokerEntry[];
  readonly make: Make;
}

/** What a target does for one kind: only what that target alone decides; the rest is the kind's own. */
export interface Cell<Options, Public, Secret, P extends Platform, Server = unknown> {
  /** Pure: everything that can be refused before a resource is registered. */
  check?(resource: PlannedResource, options: Options, plan: Plan): readonly Problem[];
  /** A server of the environment's own. Absent where the target has none for the kind, such as a bucket on AWS. */
  server?(request: ServerRequest): Server;
  /** What a server is made of, where there is a choice: `cluster`. A stack keeps it: a change would be a new server without the data. */
  readonly madeOf?: (server: PlannedServer, plan: Plan) => string;
  /** A server that is already there: the program's own, or the base stack's in a preview. Absent where that cannot be. */
  find?(reference: P["Reference"], server: Pick<PlannedResource, "kind" | "server">): Server;
  /** What `find` takes for a server that was made here, for previews of this stack. */
  reference?(server: Server): P["Reference"];
  lease(request: LeaseRequest<Options, Server>): Lease<Public, Secret, P>;
}
