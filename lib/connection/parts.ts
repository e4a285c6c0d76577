import { EndowError } from "../errors";
import type { VariableTexts } from "../kind";
import type { ConnectionParts } from "./connection";
import { FLAG_WORDS, readFlag } from "./flag";
import { formatUrl } from "./format";
import { urlHost } from "./host";
import { urlParts } from "./parse";
import { invalidUrl, type Protocol } from "./protocol";
import { tls, type Tls } from "./tls";

/** A parsed connection: its URL and parts. */
export interface ReadConnection<Database> {
  readonly url: string;
  readonly parts: ConnectionParts<Database>;
}

/** How a kind composes a URL from parts. */
export interface PartsForm {
  readonly scheme: string;
  readonly tlsParameters: (tls: Tls) => Readonly<Record<string, string | undefined>>;
  /**
   * The TLS mode of a TLS variable set to true: what the protocol's clients do when TLS is merely switched on.
   * @default "require"
   */
  readonly whenTrue?: "require" | "verify-full";
  /** As in `UrlParts`. */
  readonly loginInQuery?: boolean;
}

/**
 * Reads a connection from its variables: from its URL, from its parts, or from both if they agree. Missing parts default to those of
 * client libraries: `localhost`, the protocol's port, no user, no password, no TLS.
 *
 * @throws EndowError `CONNECTION_URL_INVALID`, where the path of each problem is the field of the invalid variable
 */
export const readConnection = <Database extends string | number | undefined>(
  texts: VariableTexts,
  protocol: Protocol<Database>,
  form: PartsForm,
): ReadConnection<Database> => {
  const { url } = texts;
  if (url === undefined) return fromParts(texts, protocol, form);
  const parts = urlParts(url, protocol);
  assertSame(texts, parts);
  return { url, parts };
};

const fromParts = <Database extends string | number | undefined>(
  { host = "localhost", port, username = "", password = "", database = "", tls: flag }: VariableTexts,
  protocol: Protocol<Database>,
  { scheme, tlsParameters, whenTrue = "require", loginInQuery = false }: PartsForm,
): ReadConnection<Database> => {
  if (urlHost(host) === undefined && !(protocol.sockets && host.startsWith("/")))
    throw invalidPart("host", "must be a DNS name, an IPv4 address or an IPv6 address", "set one host, without scheme, port or brackets");
  if (port !== undefined && !(/^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535))
    throw invalidPart("port", "must be a port from 1 to 65535", "set the port that the server listens on");
  for (const [field, text] of Object.entries({ username, password }))
    if (/[\0\p{Cs}]/u.test(text)) throw invalidPart(field, "must not contain NUL or lone surrogates", "correct it");
  const parts: ConnectionParts<Database> = {
    scheme,
    host,
    port: port === undefined ? (protocol.portOf?.(scheme) ?? protocol.defaultPort) : Number(port),
    username,
    password,
    database: readDatabase(database, protocol),
    tls: tls(flagOf("tls", flag) ? whenTrue : "off"),
  };
  const path = database === "" ? undefined : encodeURIComponent(database);
  const parameters = tlsParameters(parts.tls);
  return { url: formatUrl({ ...parts, database: path, parameters, loginInQuery, sockets: protocol.sockets ?? false }), parts };
};

const readDatabase = <Database extends string | number | undefined>(text: string, protocol: Protocol<Database>): Database => {
  try {
    return protocol.database(text, () => undefined, protocol.pattern.split(":")[0] ?? "");
  } catch (error) {
    if (!(error instanceof EndowError)) throw error;
    throw invalidPart("database", protocol.databaseInWords, "correct it");
  }
};

/** Whether a part is switched on; `undefined` if it is not set. */
export const flagOf = (field: string, text: string | undefined): boolean | undefined => {
  const flag = text === undefined ? undefined : readFlag(text);
  if (text !== undefined && flag === undefined) throw invalidPart(field, `must be ${FLAG_WORDS}`, "correct it");
  return flag;
};

/** Compares a URL with the parts given beside it. */
const assertSame = (
  texts: VariableTexts,
  { host, port, username, password, database }: ConnectionParts<string | number | undefined>,
): void => {
  const stated = { host: host.toLowerCase(), port: String(port), username, password, database: String(database ?? "") };
  const other = Object.entries(stated).find(([field, text]) => {
    const given = field === "host" ? texts[field]?.toLowerCase() : texts[field];
    return given !== undefined && text !== "" && given !== text;
  });
  if (other)
    throw invalidPart(other[0], `has a different ${names[other[0]] ?? other[0]} from {url}`, "unset one of the two, or make them agree");
};

const names: Readonly<Record<string, string>> = { username: "user name" };

export const invalidPart = (field: string, sentence: string, fix: string): EndowError => invalidUrl(sentence, field, fix);
