import type { Env } from "../environment";

/** Values by variable, as text: what a store holds for a group. */
export type StoredValues = Readonly<Record<string, string>>;

export interface ReadRequest {
  readonly address: URL;
  /** Names that the group has, its aliases included: a reader asks for these and gives no others. */
  readonly variables: readonly string[];
  /** The variables that `load()` was given, where a reader finds a region or a token: never `process.env`. */
  readonly env: Env;
  /** Ends a request that takes too long. */
  readonly signal?: AbortSignal;
}

/** Where the values of a group are kept, as `load()` sees it. */
export interface StoreReader {
  /** All variables of one group, in one call. A variable without a value is left out. */
  readonly read: (request: ReadRequest) => Promise<StoredValues>;
  /** The same without waiting; absent for a store that is reached over a network. */
  readonly readSync?: (request: ReadRequest) => StoredValues;
}
