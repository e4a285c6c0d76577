import type { Input, Output, Resource } from "@pulumi/pulumi";
import type { Problem } from "../errors";
import type { Plan } from "../plan";
import type { EntryWriter } from "../plan/provision";
import type { Make } from "./make";
import type { Platform } from "./platform";

/** Reference to a stored value, which the platform resolves or the app fetches. Never the value itself. */
export interface EntryRef {
  /** Name of the store: `aws-secrets-manager`. */
  readonly store: string;
  readonly id: Output<string>;
  /** Key inside the entry; absent if the entry is the value. */
  readonly key?: string;
  /** Pinned for entries that the deploy writes; absent for those that others rotate. */
  readonly version?: Output<string>;
}

/** One value of a group. Each is written by exactly one party. */
export interface Entry {
  /** `DATABASE_URL` */
  readonly variable: string;
  /** Name of its setting: a broker's values for one setting are stored together. */
  readonly setting: string;
  readonly secret: boolean;
  readonly writer: EntryWriter;
}

/** How one variable reaches a process. */
export type Delivered = { readonly name: string } & (
  | { readonly by: "value"; readonly secret: boolean; readonly value: Output<string> }
  | { readonly by: "reference"; readonly entry: EntryRef }
);

export interface OpenRequest {
  readonly plan: Plan;
  /** Name of the group, which has one container in each environment. */
  readonly group: string;
  /** Every entry of the group, regardless of its writer, without values. */
  readonly entries: readonly Entry[];
  readonly make: Make;
}

/** A group's containers, which do not depend on the resources of its settings. */
export interface OpenStore<P extends Platform> {
  /** The entry of a variable, for the broker that writes it. */
  readonly entry: (variable: string) => EntryRef;
  /** Permissions to read exactly these variables. */
  access(consumer: P["Consumer"], variables: readonly string[]): readonly P["Access"][];
  /**
   * Writes the deploy's values once they are known.
   * @param values by variable: exactly the entries whose writer is the deploy
   */
  readonly write: (values: ReadonlyMap<string, Input<string>>) => WrittenStore;
}

export interface WrittenStore {
  /** Value of `ENDOW_<GROUP>`, with which `load()` finds the values. Not secret and without credentials. */
  readonly address: Output<string>;
  /** Every variable that exists; of those written by others, only the ones that the broker creates in this deploy. */
  readonly delivered: readonly Delivered[];
  /** Resources that must exist before a consumer starts. */
  readonly ready: readonly Resource[];
}

/**
 * Stores the values of groups: the deploying half; `stores/reader.ts` is the reading half. The deploy is the only writer of its entries and
 * touches no others. Unchanged values are not rewritten; values no longer given are deleted.
 */
export interface Store<P extends Platform> {
  /** `local`, `aws-secrets-manager` */
  readonly name: string;
  /** Pure: problems with names, sizes and counts that the store does not support. */
  readonly check?: (plan: Plan) => readonly Problem[];
  open(request: OpenRequest): OpenStore<P>;
}
