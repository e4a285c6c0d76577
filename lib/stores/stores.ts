import { fault } from "../errors";
import { assertNoCredential } from "./address";
import { local } from "./local/load";
import type { StoreReader } from "./reader";

/** Returns a store's reader: at once, or after loading its code, which apps that do not use the store never load. */
type Loader = () => StoreReader | Promise<StoreReader>;

/** By the scheme of the address in `ENDOW_<GROUP>`. */
const loaders: ReadonlyMap<string, Loader> = new Map([["file:", () => local]]);

/** A reader, or a promise of one, and the address to read. */
export interface FoundStore {
  readonly reader: StoreReader | Promise<StoreReader>;
  readonly address: URL;
}

/**
 * Returns the reader for the address in a group's `ENDOW_<GROUP>` variable.
 *
 * @throws EndowError `STORE_UNKNOWN` if the address is not a URL or its scheme has no store, `STORE_ADDRESS` if it contains a credential.
 */
export const readerOf = (variable: string, text: string): FoundStore => {
  const address = URL.canParse(text) ? new URL(text) : undefined;
  const loader = address && loaders.get(address.protocol);
  if (!address || !loader)
    throw fault(
      "STORE_UNKNOWN",
      `${variable} is not a valid store address`,
      `set it to an address that starts with ${[...loaders.keys()].join(", ")}, or unset it`,
      variable,
    );
  assertNoCredential(variable, address);
  return { reader: loader(), address };
};
