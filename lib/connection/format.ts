import { EndowError } from "../errors";
import { ownValue } from "../internal/own-value";
import { urlHost } from "./host";
import { percentEncoded } from "./percent";
import { unwritable, type Protocol } from "./protocol";
import { isWeaker, type Tls } from "./tls";

/** Query parameters that the user adds to a provisioned URL. */
export type Params = Readonly<Record<string, string>>;

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
   * Whether `user` and `password` are query parameters, as in JDBC.
   * @default false
   */
  readonly loginInQuery?: boolean;
  /**
   * Whether the host may be the path of a Unix socket.
   * @default false
   */
  readonly sockets?: boolean;
}

/**
 * Formats a connection URL that every client library parses into the same parts. User name and password may be any text without NUL
 * or lone surrogates; "" is omitted.
 * @throws EndowError `CONNECTION_FIELD_INVALID` for a part that a URL cannot contain; never includes the part.
 */
export const formatUrl = ({
  scheme,
  host,
  port,
  username,
  password,
  database,
  parameters = {},
  loginInQuery,
  sockets = false,
}: UrlParts): string => {
  const user = username && encode("user name", username);
  const secret = password && encode("password", password);
  const query = Object.entries(parameters)
    .filter((entry): entry is [string, string] => entry[1] !== undefined)
    .map(([name, value]) => `${encode("parameter name", name)}=${encode(name, value)}`);
  const inQuery = [...(user === "" ? [] : [`user=${user}`]), ...(secret === "" ? [] : [`password=${secret}`])];
  const inFront = user === "" && secret === "" ? "" : `${user}${secret && ":"}${secret}@`;
  const [login, all] = loginInQuery ? ["", [...inQuery, ...query]] : [inFront, query];
  const path = database === undefined ? "" : `/${database}`;
  return `${scheme}://${login}${sockets && host.startsWith("/") ? encode("host", host) : checkedHost(host)}:${checkedPort(port)}${path}${all.length > 0 ? `?${all.join("&")}` : ""}`;
};

/**
 * Formats a URL with the user's own parameters, which override those of `parts` but cannot weaken `tls`.
 * @throws EndowError `CONNECTION_FIELD_INVALID`
 */
export const formatConnectionUrl = (
  parts: UrlParts,
  { tls: read, sockets = false }: Pick<Protocol<string | number | undefined>, "tls" | "sockets">,
  tls: Tls,
  params: Params,
): string => {
  const parameters = { ...parts.parameters, ...params };
  if (Object.keys(params).length > 0 && isWeaker(read(parts.scheme, (name) => ownValue(parameters, name), parts.port).mode, tls.mode)) {
    throw unwritable(
      `\`params\` ask for weaker TLS than the server's, which is ${tls.mode}`,
      "remove the TLS parameters from `params`: the URL already has them",
    );
  }
  return formatUrl({ ...parts, parameters, sockets });
};

/** The problem with the parameters that the user declares, if any. */
export const paramsProblem = (
  params: Params,
  { overruling, tls, defaultPort }: Protocol<string | number | undefined>,
  scheme: string,
): string | undefined => {
  const taken = overruling.find((name) => Object.hasOwn(params, name));
  if (taken !== undefined) return `must not set ${taken}, which belongs before the query`;
  try {
    tls(scheme, (name) => ownValue(params, name), defaultPort);
    return undefined;
  } catch (error) {
    if (!(error instanceof EndowError)) throw error;
    return error.problems.map(({ message }) => message).join();
  }
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
