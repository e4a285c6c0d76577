import { EndowError, fault } from "../errors";
import type { HostAndPort } from "./connection";
import type { Tls } from "./tls";

/** The last value of a query parameter, decoded. */
export type Parameter = (name: string) => string | undefined;

/** The server and login that a URL points to, decoded. */
export interface Place {
  readonly username: string;
  readonly password: string;
  /** Empty if the URL has no host before its path. */
  readonly hosts: readonly HostAndPort[];
  /** Query parameters that it was read from, and that therefore override nothing. */
  readonly taken?: readonly string[];
}

/** The rules for the URLs of one protocol. Each function throws `invalidUrl(...)` for a part that it rejects. */
export interface Protocol<Database extends string | number | undefined> {
  /** Name for messages: "PostgreSQL". */
  readonly product: string;
  readonly schemes: RegExp;
  /** The schemes for messages: "postgresql:// or postgres://". */
  readonly schemesInWords: string;
  /** A pattern for fixes, with placeholders in capitals. */
  readonly pattern: string;
  readonly defaultPort: number;
  /** @default - `defaultPort`, for every scheme */
  readonly portOf?: (scheme: string) => number;
  /**
   * Turns a list of URLs into one URL with several hosts, if clients accept lists.
   * @default - the text is one URL
   */
  readonly joined?: (text: string) => string;
  /** The fix for a URL with several hosts; absent if clients accept them. */
  readonly oneHost?: string;
  /** Whether clients accept the percent-encoded path of a Unix socket as the host. */
  readonly sockets?: boolean;
  /** Query parameters with which a client library would override the part before the `?`. */
  readonly overruling: readonly string[];
  /**
   * Adjusts the part before the path to what the rest of the URL says.
   * @default - the rest of the URL has no effect on it
   */
  readonly place?: (
    front: Place,
    url: {
      readonly scheme: string;
      /** What stands before the path, as written. */
      readonly authority: string;
      readonly path: string;
      readonly parameters: URLSearchParams;
    },
  ) => Place;
  /** Reads the decoded path without its leading `/`; `undefined` for a protocol without databases. */
  readonly database: (path: string, parameter: Parameter, scheme: string) => Database;
  /** The rule for messages about the database variable: "must be a name of 1 to 63 characters". */
  readonly databaseInWords: string;
  readonly tls: (scheme: string, parameter: Parameter, port: number) => Tls;
}

/**
 * Makes the error for an invalid connection URL. `sentence` follows the variable's name: "DATABASE_URL must name a host". Never pass on a
 * library's message: it quotes the URL and its password.
 *
 * @param field the field of the invalid variable, if not the URL itself
 */
export const invalidUrl = (sentence: string, field = "url", fix = "correct the URL"): EndowError =>
  new EndowError("CONNECTION_URL_INVALID", "this connection URL cannot be used", [
    { code: "CONNECTION_URL_INVALID", path: field, message: sentence, fix },
  ]);

/** Makes the error for the URL itself, with a specific fix. */
export const refusal = (sentence: string, fix: string): EndowError => invalidUrl(sentence, undefined, fix);

/** Makes the error for a field that a URL cannot contain. */
export const unwritable = (message: string, fix: string): EndowError => fault("CONNECTION_FIELD_INVALID", message, fix);
