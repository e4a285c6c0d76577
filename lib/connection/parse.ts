import { decode, readAuthority } from "./authority";
import { Connection, type ConnectionParts } from "./connection";
import { refusal, type Parameter, type Protocol } from "./protocol";
import { splitScheme } from "./scheme";
import { checkText } from "./text";

/**
 * Parses a connection URL the way client libraries do, and rejects URLs that they would parse differently. `new URL()` supports neither
 * lists of hosts nor sockets. User and password are optional. The port defaults to the protocol's. Unknown query parameters are kept in
 * `reveal()`.
 * @throws EndowError `CONNECTION_URL_INVALID`, with a message that never quotes the URL.
 */
export const parseUrl = <Database extends string | number | undefined>(text: string, protocol: Protocol<Database>): Connection<Database> =>
  new Connection(text, urlParts(text, protocol));

/** Parses only the parts, for a connection that has more than its URL. @throws EndowError as `parseUrl` */
export const urlParts = <Database extends string | number | undefined>(
  text: string,
  protocol: Protocol<Database>,
): ConnectionParts<Database> => {
  checkText(text, protocol.pattern);
  const { scheme, rest } = splitScheme(protocol.joined?.(text) ?? text, protocol);
  const { authority, path: written, query } = splitRest(rest);
  const parameters = new URLSearchParams(query);
  const path = decode(written).replace(/^\//, "");
  const front = readAuthority(authority, protocol, scheme);
  const { hosts, username, password, taken = [] } = protocol.place?.(front, { scheme, authority, path, parameters }) ?? front;
  for (const name of protocol.overruling) {
    if (parameters.has(name) && !taken.includes(name))
      throw refusal(`must not set ${name} in its query`, 'write it before the "?", in its place in the URL');
  }
  const [first] = hosts;
  if (first === undefined) throw refusal("must name a host", `write it as ${protocol.pattern}`);
  const parameter = lastOf(parameters);
  return {
    scheme,
    ...first,
    hosts,
    username,
    password,
    database: protocol.database(path, parameter, scheme),
    tls: protocol.tls(scheme, parameter, first.port),
  };
};

const lastOf =
  (parameters: URLSearchParams): Parameter =>
  (name) =>
    parameters.getAll(name).at(-1);

/** Splits the part after `://`. Rejects a character that ends the user name or password too early. */
const splitRest = (rest: string): { readonly authority: string; readonly path: string; readonly query: string } => {
  const hash = rest.indexOf("#");
  if (hash !== -1) {
    throw rest.includes("@", hash)
      ? refusal("has an unencoded # in its user name or password", "write it as %23")
      : refusal("has a #, where clients end the URL", "remove it and what follows; if it is part of the password, write it as %23");
  }
  const mark = rest.indexOf("?");
  const [before, query] = mark === -1 ? [rest, ""] : [rest.slice(0, mark), rest.slice(mark + 1)];
  const slash = before.indexOf("/");
  const [authority, path] = slash === -1 ? [before, ""] : [before.slice(0, slash), before.slice(slash)];
  if (path.includes("@")) throw refusal("has an unencoded / in its user name or password", "write / as %2F and @ as %40");
  if (/^[^&=]*@/.test(query)) throw refusal("has an unencoded ? in its user name or password", "write ? as %3F and @ as %40");
  return { authority, path, query };
};
