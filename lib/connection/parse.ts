import { Connection, type ConnectionParts } from "./connection";
import { urlHost } from "./host";
import { invalidUrl, type Protocol } from "./protocol";

/**
 * Parses a connection URL the way client libraries do, and rejects URLs that they would parse differently.
 * User and password are optional; the port defaults to the protocol's; unknown query parameters are kept in `reveal()`.
 * @throws EndowError `CONNECTION_URL_INVALID`, with a message that never quotes the URL.
 */
export const parseUrl = <Database extends string | number | undefined>(text: string, protocol: Protocol<Database>): Connection<Database> =>
  new Connection(text, urlParts(text, protocol));

/** Parses only the parts, for a connection that has more than its URL. @throws EndowError as `parseUrl` */
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
    if (parameter(name) !== undefined) throw invalidUrl(`must not set ${name} in its query: it belongs before the "?"`);
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

/** Rejects what the URL standard silently repairs and each client library handles differently. */
const checkText = (text: string): void => {
  if (text === "") throw invalidUrl("must not be empty");
  if (text.trim() !== text) throw invalidUrl("must not have leading or trailing white space");
  if (/[\s\p{Cc}\p{Cs}]/u.test(text)) throw invalidUrl("must not contain white space or control characters");
  if (/%(?![0-9a-f]{2})/i.test(text)) throw invalidUrl("must have two hexadecimal digits after every %");
  if (text.includes("#")) throw invalidUrl("must not contain #");
};

const checkedScheme = (text: string, { schemes, schemesInWords }: Protocol<string | number | undefined>): string => {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined || !schemes.test(scheme)) throw invalidUrl(`must start with ${schemesInWords}`);
  return scheme;
};

/** Names the invalid part, which the URL parser does not. */
const checkAuthority = (text: string): void => {
  const [user = "", host = user, ...more] = /:\/\/([^/?]*)/.exec(text)?.[1]?.split("@") ?? [];
  if (more.length > 0) throw invalidUrl("must not contain an unencoded @ in its user name or password");
  if (/^(:\d*)?$/.test(host)) throw invalidUrl("must name a host before the database; socket files are not supported");
  if (/^%2f/i.test(host)) throw invalidUrl("must name a host; socket files are not supported");
  if (host.includes(",")) throw invalidUrl("must name one host, not several");
  const parts = /^(?:\[[^\]]*\]|[^:[\]]*)(?::(.*))?$/.exec(host);
  if (parts === null || parts[1]?.includes(":")) throw invalidUrl("must have an IPv6 address in brackets, followed by at most one port");
  if (parts[1] && !isPort(parts[1])) throw invalidUrl("must have a port from 1 to 65535");
};

const isPort = (text: string): boolean => /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535;

const checkedHost = (hostname: string): string => {
  const host = hostname.replace(/^\[(.*)\]$/, "$1");
  if (urlHost(host) === undefined) throw invalidHost();
  return host;
};

const invalidHost = () => invalidUrl("must have a DNS name, an IPv4 address or an IPv6 address in brackets as its host");

const decode = (encoded: string): string => {
  const text = decoded(encoded);
  if (text === undefined || text.includes("\0")) throw invalidUrl("must percent-encode UTF-8 text without NUL");
  return text;
};

const decoded = (encoded: string): string | undefined => {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
};
