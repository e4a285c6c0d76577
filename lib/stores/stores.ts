import { fault } from "../errors";
import type { Texts } from "../kind";
import { local } from "./local/load";

/** Where the values of a group are kept, as `load()` sees it. */
export interface StoreReader {
  /** All variables of one group, in one call. */
  readonly read: (location: URL) => Promise<Texts>;
  /** The same without waiting; absent for a store that is reached over a network. */
  readonly readSync?: (location: URL) => Texts;
}

/** By the scheme of the address in `ENDOW_<GROUP>`. */
const readers: Readonly<Record<string, StoreReader>> = { "file:": local };

/**
 * The reader for the address in a group's `ENDOW_<GROUP>` variable.
 *
 * @throws EndowError `STORE_UNKNOWN` when the address is no URL or names no store.
 */
export const readerOf = (variable: string, address: string): { readonly reader: StoreReader; readonly location: URL } => {
  const location = URL.canParse(address) ? new URL(address) : undefined;
  const reader = location && readers[location.protocol];
  if (location && reader) return { reader, location };
  throw fault(
    "STORE_UNKNOWN",
    `${variable} does not say where the values are kept`,
    `set it to an address that starts with one of ${Object.keys(readers).join(", ")}, or unset it`,
    variable,
  );
};
