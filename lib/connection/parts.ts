import { EndowError } from "../errors";
import type { VariableTexts } from "../kind";
import type { ConnectionParts } from "./connection";
import { formatUrl } from "./format";
import { urlHost } from "./host";
import { urlParts } from "./parse";
import { invalidUrl, type Protocol } from "./protocol";
import { tls, type Tls } from "./tls";

/** A connection as read: its URL and the parts of it. */
export interface ReadConnection<Database> {
  readonly url: string;
  readonly parts: ConnectionParts<Database>;
}

/** How a kind writes the URL of a connection that was given as parts. */
export interface PartsForm {
  readonly scheme: string;
  readonly tlsParameters: (tls: Tls) => Readonly<Record<string, string | undefined>>;
}

/**
 * Reads a connection from the texts of its variables: from its URL, from its parts, or from both where they agree. A part without a variable
 * is what client libraries assume: `localhost`, the protocol's port, no user, no password, no TLS.
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
  { scheme, tlsParameters }: PartsForm,
): ReadConnection<Database> => {
  if (urlHost(host) === undefined)
    throw invalidPart("host", "must be a DNS name, an IPv4 address or an IPv6 address", "set one host, without scheme, port or brackets");
  if (port !== undefined && !(/^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535))
    throw invalidPart("port", "must be a port from 1 to 65535", "set the port that the server listens on");
  for (const [field, text] of Object.entries({ username, password }))
    if (/[\0\p{Cs}]/u.test(text)) throw invalidPart(field, "must not contain NUL or lone surrogates", "correct it");
  const parts: ConnectionParts<Database> = {
    scheme,
    host,
    port: port === undefined ? protocol.defaultPort : Number(port),
    username,
    password,
    database: readDatabase(database, protocol),
    tls: readTls(flag),
  };
  const path = database === "" ? undefined : encodeURIComponent(database);
  const parameters = tlsParameters(parts.tls);
  return { url: formatUrl({ ...parts, database: path, parameters, anonymous: true }), parts };
};

const readDatabase = <Database extends string | number | undefined>(text: string, protocol: Protocol<Database>): Database => {
  try {
    return protocol.database(text);
  } catch (error) {
    if (!(error instanceof EndowError)) throw error;
    throw invalidPart("database", protocol.databaseInWords, "correct it");
  }
};

const readTls = (flag: string | undefined): Tls => {
  if (flag === undefined || /^(false|0|no|off)$/i.test(flag)) return tls("off");
  if (/^(true|1|yes|on)$/i.test(flag)) return tls("require");
  throw invalidPart("tls", "must be true or false (also 1, 0, yes, no, on, off)", "correct it");
};

/** Compares a URL with the parts beside it, in what both state. */
const assertSame = (texts: VariableTexts, { host, port, username, password, database }: ConnectionParts<unknown>): void => {
  const stated = { host: host.toLowerCase(), port: String(port), username, password, database: String(database ?? "") };
  const other = Object.entries(stated).find(([field, text]) => {
    const given = field === "host" ? texts[field]?.toLowerCase() : texts[field];
    return given !== undefined && text !== "" && given !== text;
  });
  if (other)
    throw invalidPart(other[0], `states another ${names[other[0]] ?? other[0]} than {url}`, "unset one of the two, or make them agree");
};

const names: Readonly<Record<string, string>> = { username: "user name" };

const invalidPart = (field: string, sentence: string, fix: string): EndowError => invalidUrl(sentence, field, fix);
