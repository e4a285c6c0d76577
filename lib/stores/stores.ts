import { fault } from "../errors";
import { assertNoCredential } from "./address";
import { local } from "./local/load";
import type { StoreReader } from "./reader";

/** Gives a store's reader: at once, or once its code is loaded, which an app that does not use it never does. */
type Loader = () => StoreReader | Promise<StoreReader>;

/** By the scheme of the address in `ENDOW_<GROUP>`. */
const loaders: ReadonlyMap<string, Loader> = new Map([["file:", () => local]]);

/** A reader, or the promise of one, and what it is to read. */
export interface FoundStore {
  readonly reader: StoreReader | Promise<StoreReader>;
  readonly address: URL;
}

/**
 * The reader for the address in a group's `ENDOW_<GROUP>` variable.
 *
 * @throws EndowError `STORE_UNKNOWN` when the address is not a URL or names no store, `STORE_ADDRESS` when it holds a credential.
 */
export const readerOf = (variable: string, text: string): FoundStore => {
  const address = URL.canParse(text) ? new URL(text) : undefined;
  const loader = address && loaders.get(address.protocol);
  if (!address || !loader)
    throw fault(
      "STORE_UNKNOWN",
      `${variable} does not say where the values are kept`,
      `set it to an address that starts with one of ${[...loaders.keys()].join(", ")}, or unset it`,
      variable,
    );
  assertNoCredential(variable, address);
  return { reader: loader(), address };
};
