import { urlHost } from "./host";
import { unwritable } from "./protocol";

export interface UrlParts {
  readonly scheme: string;
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
  /** Must not need encoding: client libraries disagree on decoding a path. Absent for a protocol without databases. */
  readonly database?: string | number;
  /** Query parameters; those that are `undefined` are left out. */
  readonly parameters?: Readonly<Record<string, string | undefined>>;
}

/**
 * Formats a connection URL that every client library parses into the same parts. User name and password may be any text except "", NUL
 * and lone surrogates.
 * @throws EndowError `CONNECTION_FIELD_INVALID` for a part that a URL cannot contain; never includes the part.
 */
export const formatUrl = ({ scheme, host, port, username, password, database, parameters = {} }: UrlParts): string => {
  const user = `${encode("user name", username)}:${encode("password", password)}`;
  const query = Object.entries(parameters)
    .filter((entry): entry is [string, string] => entry[1] !== undefined)
    .map(([name, value]) => `${name}=${encode(name, value)}`)
    .join("&");
  return `${scheme}://${user}@${checkedHost(host)}:${checkedPort(port)}${database === undefined ? "" : `/${database}`}${query && `?${query}`}`;
};

/** Encodes everything except RFC 3986 unreserved characters: `encodeURIComponent` keeps `!'()*`, and URLSearchParams writes `+` for a space. */
const encode = (part: string, text: string): string => {
  if (text === "") throw unwritable(`the ${part} must not be empty`, `set a ${part}`);
  if (/[\0\p{Cs}]/u.test(text)) {
    throw unwritable(`the ${part} contains a NUL or a lone surrogate, which a connection URL cannot contain`, `choose another ${part}`);
  }
  return encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
};

const checkedHost = (host: string): string => {
  const checked = urlHost(host);
  if (checked !== undefined) return checked;
  throw unwritable("the host must be a DNS name, an IPv4 address or an IPv6 address", "set one host, without port, brackets or zone");
};

const checkedPort = (port: number): number => {
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  throw unwritable("the port must be an integer from 1 to 65535", "set the port that the server listens on");
};
