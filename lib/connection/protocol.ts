import { EndowError, fault } from "../errors";
import type { HostAndPort } from "./connection";
import type { Tls } from "./tls";

/** The last value of a query parameter, decoded. */
export type Parameter = (name: string) => string | undefined;

/** Where a URL leads and as whom, decoded. */
export interface Place {
  readonly username: string;
  readonly password: string;
  /** Empty if the URL names no host before its path. */
  readonly hosts: readonly HostAndPort[];
  /** Query parameters that say it, and therefore overrule nothing. */
  readonly taken?: readonly string[];
}

/** The rules for the URLs of one protocol. Each function throws `invalidUrl(...)` for a part that it rejects. */
export interface Protocol<Database extends string | number | undefined> {
  /** As messages name it: "PostgreSQL". */
  readonly product: string;
  readonly schemes: RegExp;
  /** The schemes for messages: "postgresql:// or postgres://". */
  readonly schemesInWords: string;
  /** A pattern for fixes, with words in capitals for what is to be replaced. */
  readonly pattern: string;
  readonly defaultPort: number;
  /** @default - `defaultPort`, for every scheme */
  readonly portOf?: (scheme: string) => number;
  /**
   * Turns a list of URLs into one URL with several hosts, where clients take lists.
   * @default - the text is one URL
   */
  readonly joined?: (text: string) => string;
  /** What to do about a URL with several hosts; absent where clients take them. */
  readonly oneHost?: string;
  /** Whether clients take a percent-encoded path of a Unix socket as the host. */
  readonly sockets?: boolean;
  /** Query parameters with which a client library would override the part before the `?`. */
  readonly overruling: readonly string[];
  /**
   * Corrects what stands before the path by what stands elsewhere in the URL.
   * @default - nothing else in the URL says where it leads
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
  /** What a database must be, for messages about a variable of its own: "must be a name of 1 to 63 characters". */
  readonly databaseInWords: string;
  readonly tls: (scheme: string, parameter: Parameter, port: number) => Tls;
}

/**
 * Makes the error for an invalid connection URL. `sentence` follows the variable's name: "DATABASE_URL must name a host". Never pass on a
 * library's message: it quotes the URL and its password.
 *
 * @param field of the invalid variable, if it is not the URL itself
 */
export const invalidUrl = (sentence: string, field = "url", fix = "correct the URL"): EndowError =>
  new EndowError("CONNECTION_URL_INVALID", "this connection URL cannot be used", [
    { code: "CONNECTION_URL_INVALID", path: field, message: sentence, fix },
  ]);

/** The same for the URL itself, with the fix of that fault. */
export const refusal = (sentence: string, fix: string): EndowError => invalidUrl(sentence, undefined, fix);

/** Makes the error for a field that a URL cannot contain. */
export const unwritable = (message: string, fix: string): EndowError => fault("CONNECTION_FIELD_INVALID", message, fix);
