import { fault } from "../errors";
import { ownValue } from "../own-value";
import { local } from "./local/load";
import type { StoreReader } from "./reader";

/** By the scheme of the address in `ENDOW_<GROUP>`. */
const readers: Readonly<Record<string, StoreReader>> = { "file:": local };

/**
 * The reader for the address in a group's `ENDOW_<GROUP>` variable.
 *
 * @throws EndowError `STORE_UNKNOWN` when the address is no URL or names no store.
 */
export const readerOf = (variable: string, address: string): { readonly reader: StoreReader; readonly location: URL } => {
  const location = URL.canParse(address) ? new URL(address) : undefined;
  const reader = location && ownValue(readers, location.protocol);
  if (location && reader) return { reader, location };
  throw fault(
    "STORE_UNKNOWN",
    `${variable} does not say where the values are kept`,
    `set it to an address that starts with one of ${Object.keys(readers).join(", ")}, or unset it`,
    variable,
  );
};
