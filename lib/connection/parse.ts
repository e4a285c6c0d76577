import { Connection, type ConnectionParts } from "./connection";
import { urlHost } from "./host";
import { invalidUrl, type Protocol } from "./protocol";

/**
 * Takes a connection URL apart as client libraries do, and refuses what they would read differently from each other.
 * User and password may be absent; a missing port is the protocol's own; query parameters that are not ours stay in `reveal()`.
 * @throws EndowError `CONNECTION_URL_INVALID`, with a sentence that holds nothing of the URL.
 */
export const parseUrl = <Database extends string | number | undefined>(text: string, protocol: Protocol<Database>): Connection<Database> =>
  new Connection(text, urlParts(text, protocol));

/** The parts alone, for a connection that holds more than its URL. @throws EndowError as `parseUrl` */
export const urlParts = <Database extends string | number | undefined>(
  text: string,
  protocol: Protocol<Database>,
): ConnectionParts<Database> => {
  checkText(text);
  const scheme = checkedScheme(text, protocol);
  checkAuthority(text);
  if (!URL.canParse(text)) throw invalidHost();
  const url = new URL(text);
  const parameter = (name: string) => url.searchParams.getAll(name).at(-1);
  for (const name of protocol.overruling) {
    if (parameter(name) !== undefined) throw invalidUrl(`must not set ${name} in its query: its place is before the "?"`);
  }
  return {
    scheme,
    host: checkedHost(url.hostname),
    port: Number(url.port || protocol.defaultPort),
    username: decode(url.username),
    password: decode(url.password),
    database: protocol.database(decode(url.pathname).replace(/^\//, "")),
    tls: protocol.tls(scheme, parameter),
  };
};

/** What the URL standard repairs without a word, and each client library in its own way. */
const checkText = (text: string): void => {
  if (text === "") throw invalidUrl("must not be empty");
  if (text.trim() !== text) throw invalidUrl("must have no white space around it");
  if (/[\s\p{Cc}\p{Cs}]/u.test(text)) throw invalidUrl("must have no white space or control character in it");
  if (/%(?![0-9a-f]{2})/i.test(text)) throw invalidUrl("must have two hexadecimal digits after every %");
  if (text.includes("#")) throw invalidUrl("must have no # in it");
};

const checkedScheme = (text: string, { schemes, schemesInWords }: Protocol<string | number | undefined>): string => {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined || !schemes.test(scheme)) throw invalidUrl(`must begin with ${schemesInWords}`);
  return scheme;
};

/** Says which part is wrong, where the URL standard only says that something is. */
const checkAuthority = (text: string): void => {
  const [user = "", host = user, ...more] = /:\/\/([^/?]*)/.exec(text)?.[1]?.split("@") ?? [];
  if (more.length > 0) throw invalidUrl("must have no @ in its user name or password");
  if (/^(:\d*)?$/.test(host)) throw invalidUrl("must name a host before the database; a socket file is not taken");
  if (/^%2f/i.test(host)) throw invalidUrl("must name a host; a socket file is not taken");
  if (host.includes(",")) throw invalidUrl("must name one host, not several");
  const parts = /^(?:\[[^\]]*\]|[^:[\]]*)(?::(.*))?$/.exec(host);
  if (parts === null || parts[1]?.includes(":")) throw invalidUrl("must have an IPv6 address in brackets, and one port after it");
  if (parts[1] && !isPort(parts[1])) throw invalidUrl("must have a port from 1 to 65535");
};

const isPort = (text: string): boolean => /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535;

const checkedHost = (hostname: string): string => {
  const host = hostname.replace(/^\[(.*)\]$/, "$1");
  if (urlHost(host) === undefined) throw invalidHost();
  return host;
};

const invalidHost = () => invalidUrl("must have a DNS name, an IPv4 address or an IPv6 address in brackets for a host");

const decode = (encoded: string): string => {
  const text = decoded(encoded);
  if (text === undefined || text.includes("\0")) throw invalidUrl("must have UTF-8 text without NUL in its percent-encoding");
  return text;
};

const decoded = (encoded: string): string | undefined => {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
};
