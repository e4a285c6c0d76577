import { urlHost } from "./host";
import { percentEncoded } from "./percent";
import { unwritable } from "./protocol";

export interface UrlParts {
  readonly scheme: string;
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
  /** Must not need encoding: client libraries disagree on decoding a path. Absent for a protocol without databases. */
  readonly database?: string | number | undefined;
  /** Query parameters; those that are `undefined` are left out. */
  readonly parameters?: Readonly<Record<string, string | undefined>>;
  /**
   * Whether user name and password may be "", which omits them.
   * @default false
   */
  readonly anonymous?: boolean;
}

/**
 * Formats a connection URL that every client library parses into the same parts. User name and password may be any text except "", NUL
 * and lone surrogates.
 * @throws EndowError `CONNECTION_FIELD_INVALID` for a part that a URL cannot contain; never includes the part.
 */
export const formatUrl = ({ scheme, host, port, username, password, database, parameters = {}, anonymous = false }: UrlParts): string => {
  const omitted = (part: string) => anonymous && part === "";
  const secret = omitted(password) ? "" : `:${encode("password", password)}`;
  const user = omitted(username) && omitted(password) ? "" : `${omitted(username) ? "" : encode("user name", username)}${secret}@`;
  const query = Object.entries(parameters)
    .filter((entry): entry is [string, string] => entry[1] !== undefined)
    .map(([name, value]) => `${name}=${encode(name, value)}`)
    .join("&");
  return `${scheme}://${user}${checkedHost(host)}:${checkedPort(port)}${database === undefined ? "" : `/${database}`}${query && `?${query}`}`;
};

const encode = (part: string, text: string): string => {
  if (text === "") throw unwritable(`the ${part} must not be empty`, `set a ${part}`);
  if (/[\0\p{Cs}]/u.test(text)) {
    throw unwritable(`the ${part} contains a NUL or a lone surrogate, which a connection URL cannot contain`, `choose another ${part}`);
  }
  return percentEncoded(text);
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
