import type { CustomResourceOptions, Input, Output, Resource } from "@pulumi/pulumi";

/** A value on its way into a store. */
export interface Entry {
  /** `DATABASE_URL` */
  readonly variable: string;
  readonly secret: boolean;
  /** `undefined` when it turns out that there is none: an optional part of a value. */
  readonly value: Input<string | undefined>;
}

export interface StoreRequest {
  readonly project: string;
  /** The environment's name. */
  readonly environment: Input<string>;
  /** Names the container: one per group and environment. */
  readonly group: string;
  /** What the deploy writes, each variable once. Entries with another writer are not among them. */
  readonly entries: readonly Entry[];
  readonly opts: CustomResourceOptions;
}

/** A group's values where consumers find them. */
export interface DeployedStore {
  /** For `ENDOW_<GROUP>`, by which `load()` finds the values: no secret. */
  readonly address: Output<string>;
  /** What a process can be given beside the address: its variables, those that this store delivers by value. */
  readonly variables: Output<Record<string, string>>;
  /** What has to be there before a consumer starts. */
  readonly ready: readonly Resource[];
}

/**
 * Where the values of groups are kept: the deploying half; `reader.ts` is the other one. A deploy is the one writer of each entry that it is
 * given, and touches no other. What it is given again is written again only when it has changed; what it is given no more, goes.
 */
export interface Store {
  /** `local` */
  readonly name: string;
  readonly deploy: (request: StoreRequest) => DeployedStore;
}
