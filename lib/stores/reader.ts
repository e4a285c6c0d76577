import type { Env } from "../environment";
import type { StoredValues } from "../values/gather";

export interface ReadRequest {
  readonly address: URL;
  /** The group's variables, aliases included: a reader requests and returns only these. */
  readonly variables: readonly string[];
  /** The variables passed to `load()`, where a reader finds a region or a token: never `process.env`. */
  readonly env: Env;
  /** Aborts a request that takes too long. */
  readonly signal?: AbortSignal;
}

/** Reads a group's values from a store for `load()`. */
export interface StoreReader {
  /** Reads all variables of one group in one call. A variable without a value is omitted. */
  readonly read: (request: ReadRequest) => Promise<StoredValues>;
  /** The synchronous form; absent for a store that is reached over a network. */
  readonly readSync?: (request: ReadRequest) => StoredValues;
}
