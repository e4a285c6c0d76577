import { urlHost } from "./host";
import { unwritable } from "./protocol";

export interface UrlParts {
  readonly scheme: string;
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
  /** Must need no encoding: client libraries disagree on decoding a path. Absent for a protocol without databases. */
  readonly database?: string | number;
  /** Query parameters; those that are `undefined` are left out. */
  readonly parameters?: Readonly<Record<string, string | undefined>>;
}

/**
 * Writes a connection URL that every client library reads back to the same parts. User name and password take any text but "", NUL
 * and halves of surrogate pairs.
 * @throws EndowError `CONNECTION_FIELD_INVALID` for a part that no URL can carry; never holds the part.
 */
export const formatUrl = ({ scheme, host, port, username, password, database, parameters = {} }: UrlParts): string => {
  const user = `${encode("user name", username)}:${encode("password", password)}`;
  const query = Object.entries(parameters)
    .filter((entry): entry is [string, string] => entry[1] !== undefined)
    .map(([name, value]) => `${name}=${encode(name, value)}`)
    .join("&");
  return `${scheme}://${user}@${checkedHost(host)}:${checkedPort(port)}${database === undefined ? "" : `/${database}`}${query && `?${query}`}`;
};

/** All but unreserved characters, as RFC 3986 has them: `encodeURIComponent` leaves `!'()*`, and URLSearchParams writes `+` for a space. */
const encode = (part: string, text: string): string => {
  if (text === "") throw unwritable(`the ${part} is empty`, `give a ${part}`);
  if (/[\0\p{Cs}]/u.test(text)) {
    throw unwritable(`the ${part} holds a NUL or half of a surrogate pair, which no connection URL can carry`, `give another ${part}`);
  }
  return encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
};

const checkedHost = (host: string): string => {
  const checked = urlHost(host);
  if (checked !== undefined) return checked;
  throw unwritable("the host is not a DNS name, an IPv4 or an IPv6 address", "give one host, without port, brackets or zone");
};

const checkedPort = (port: number): number => {
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  throw unwritable("the port is not a whole number from 1 to 65535", "give the port that the server listens on");
};
