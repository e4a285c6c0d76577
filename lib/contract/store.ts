import type { Input, Output, Resource } from "@pulumi/pulumi";
import type { Problem } from "../errors";
import type { Plan } from "../plan";
import type { EntryWriter } from "../plan/variables";
import type { Make } from "./make";
import type { Platform } from "./platform";

/** Where one value is kept: what a platform resolves by itself, or an app fetches. Never the value. */
export interface EntryRef {
  /** Name of the store: `aws-secrets-manager`. */
  readonly store: string;
  readonly id: Output<string>;
  /** Key inside the entry; absent where the entry is the value. */
  readonly key?: string;
  /** Pinned for what the deploy writes; absent for what is rotated by others. */
  readonly version?: Output<string>;
}

/** One value of a group. Each is written by exactly one party. */
export interface Entry {
  /** `DATABASE_URL` */
  readonly variable: string;
  /** Name of the setting that it belongs to: what a broker writes for one setting is kept together. */
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
  /** Every entry of the group, whoever writes it, without values. */
  readonly entries: readonly Entry[];
  readonly make: Make;
}

/** A group's containers, which depend on no resource of its settings. */
export interface OpenStore<P extends Platform> {
  /** Where a variable is kept, for the broker that writes it. */
  readonly entry: (variable: string) => EntryRef;
  /** What lets a consumer read these variables, and no others. */
  access(consumer: P["Consumer"], variables: readonly string[]): readonly P["Access"][];
  /**
   * Writes what the deploy has to write, once it is known.
   * @param values by variable: exactly those of the entries whose writer is the deploy
   */
  readonly write: (values: ReadonlyMap<string, Input<string>>) => WrittenStore;
}

export interface WrittenStore {
  /** For `ENDOW_<GROUP>`, by which `load()` finds the values: no secret, and no credential in it. */
  readonly address: Output<string>;
  /** Every variable that is there: of those that others write, only the ones that the broker makes in this deploy. */
  readonly delivered: readonly Delivered[];
  /** What has to be there before a consumer starts. */
  readonly ready: readonly Resource[];
}

/**
 * Where the values of groups are kept: the deploying half; `stores/reader.ts` is the other one. The deploy is the one writer of its entries and
 * touches no other. What it is given again is written only when it has changed; what it is no longer given is removed.
 */
export interface Store<P extends Platform> {
  /** `local`, `aws-secrets-manager` */
  readonly name: string;
  /** Pure: names, sizes and counts that the store does not take. */
  readonly check?: (plan: Plan) => readonly Problem[];
  open(request: OpenRequest): OpenStore<P>;
}
