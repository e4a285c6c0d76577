import { EndowError, fault } from "../errors";
import type { Tls } from "./tls";

/** What the URLs of one protocol have of their own. Each function throws `refusal(...)` for what it does not take. */
export interface Protocol<Database extends string | number | undefined> {
  readonly schemes: RegExp;
  /** The schemes in words: "postgresql:// or postgres://". */
  readonly schemesInWords: string;
  readonly defaultPort: number;
  /** Query parameters by which a client library would overrule what stands before the `?`. */
  readonly overruling: readonly string[];
  /** From the decoded path, without its first `/`; `undefined` for a protocol without databases. */
  readonly database: (path: string) => Database;
  readonly tls: (scheme: string, parameter: (name: string) => string | undefined) => Tls;
}

/**
 * Why a connection URL is not taken, as the end of a sentence: "DATABASE_URL must name a host". Only words of our own: what
 * libraries say of a URL repeats it, and the password in it.
 *
 * @param suffix of the variable that is wrong, where it is not the URL's own
 */
export const invalidUrl = (sentence: string, suffix = "", fix = ENCODING): EndowError =>
  new EndowError("CONNECTION_URL_INVALID", "this connection URL cannot be used", [
    { code: "CONNECTION_URL_INVALID", path: suffix, message: sentence, fix },
  ]);

const ENCODING =
  "correct it; in a user name or a password write @ as %40, : as %3A, / as %2F, ? as %3F, # as %23, % as %25 and a space as %20";

/** Why a URL cannot be written from fields. */
export const unwritable = (message: string, fix: string): EndowError => fault("CONNECTION_FIELD_INVALID", message, fix);
