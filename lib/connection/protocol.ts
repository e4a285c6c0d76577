import { EndowError, fault } from "../errors";
import type { Tls } from "./tls";

/** The rules for the URLs of one protocol. Each function throws `invalidUrl(...)` for a part that it rejects. */
export interface Protocol<Database extends string | number | undefined> {
  readonly schemes: RegExp;
  /** The schemes for messages: "postgresql:// or postgres://". */
  readonly schemesInWords: string;
  readonly defaultPort: number;
  /** Query parameters with which a client library would override the part before the `?`. */
  readonly overruling: readonly string[];
  /** Reads the decoded path without its leading `/`; `undefined` for a protocol without databases. */
  readonly database: (path: string) => Database;
  /** What a database must be, for messages about a variable of its own: "must be a name of 1 to 63 characters". */
  readonly databaseInWords: string;
  readonly tls: (scheme: string, parameter: (name: string) => string | undefined) => Tls;
}

/**
 * Makes the error for an invalid connection URL. `sentence` follows the variable's name: "DATABASE_URL must name a host". Never pass on a
 * library's message: it quotes the URL and its password.
 *
 * @param field of the invalid variable, if it is not the URL itself
 */
export const invalidUrl = (sentence: string, field = "url", fix = ENCODING): EndowError =>
  new EndowError("CONNECTION_URL_INVALID", "this connection URL cannot be used", [
    { code: "CONNECTION_URL_INVALID", path: field, message: sentence, fix },
  ]);

const ENCODING =
  "correct it; in a user name or password, write @ as %40, : as %3A, / as %2F, ? as %3F, # as %23, % as %25 and a space as %20";

/** Makes the error for a field that a URL cannot contain. */
export const unwritable = (message: string, fix: string): EndowError => fault("CONNECTION_FIELD_INVALID", message, fix);
