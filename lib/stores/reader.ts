import type { VariableTexts } from "../kind";

/** Where the values of a group are kept, as `load()` sees it. */
export interface StoreReader {
  /** All variables of one group, in one call. */
  readonly read: (location: URL) => Promise<VariableTexts>;
  /** The same without waiting; absent for a store that is reached over a network. */
  readonly readSync?: (location: URL) => VariableTexts;
}
