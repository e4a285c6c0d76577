import type { VariableTexts } from "../kind";
import { Connection, type ConnectionParts } from "./connection";
import { formatUrl } from "./format";
import { readConnection } from "./parts";
import { invalidUrl, unwritable, type Protocol } from "./protocol";
import { tls, type Tls } from "./tls";

/** What an app gets for a Redis or Valkey setting. Hand `reveal()` to the client library. */
export class RedisConnection extends Connection<number> {
  readonly #prefix: string | undefined;

  constructor(url: string, parts: ConnectionParts<number>, prefix?: string) {
    super(url, parts);
    this.#prefix = prefix;
  }

  /**
   * Prefix required for all keys and channels on a server shared by several environments: `keyPrefix` of ioredis, `KEY_PREFIX` of
   * Django. `undefined` on a dedicated server.
   */
  get prefix(): string | undefined {
    return this.#prefix;
  }
}

export interface RedisFields {
  readonly host: string;
  readonly port: number;
  readonly database: number;
  readonly username: string;
  readonly password: string;
  readonly tls: Tls;
  /** Prefix of all keys and channels on a server shared by several environments. */
  readonly prefix?: string;
}

const SECURE = new Set(["rediss", "valkeys"]);

export const redisProtocol: Protocol<number> = {
  schemes: /^(redis|valkey)s?$/,
  schemesInWords: "redis:// or rediss://",
  defaultPort: 6379,
  overruling: ["host", "port", "username", "password", "db"],
  database: (path) => {
    if (!/^\d*$/.test(path) || !isDatabase(Number(path))) throw invalidUrl("must have only a database number after the host: /0");
    return Number(path);
  },
  databaseInWords: "must be a database number such as 0",
  tls: (scheme, parameter) => {
    if (!SECURE.has(scheme)) return tls("off");
    const unverified = ["ssl_cert_reqs", "ssl_check_hostname"].some((name) => /^(none|optional|false|0|no)$/i.test(parameter(name) ?? ""));
    return tls(unverified ? "require" : "verify-full", parameter("ssl_ca_certs"));
  },
};

/**
 * Formats a URL. TLS is an `s` after the scheme, for which every client library verifies certificates. The rest are parameters that
 * redis-py and valkey-py read ([from_url](https://redis.readthedocs.io/en/stable/connections.html)) and Node's ioredis and redis ignore:
 * `ssl_cert_reqs=none` for `require`; `ssl_ca_certs=` for `ca`, which a Node app reads as `tls.ca` and passes to its client; and with
 * the scheme `valkey` `ssl_check_hostname=true`, because valkey-py 6 does not check the host name without it (redis-py does since 6).
 *
 * @throws EndowError `CONNECTION_FIELD_INVALID` for a field that a URL cannot contain.
 */
export const formatRedisUrl = (fields: RedisFields, scheme: "redis" | "valkey"): string => {
  if (!isDatabase(fields.database)) throw unwritable("the database must be an integer from 0 to 65535", "use 0");
  if (fields.tls.mode === "off") return formatUrl({ ...fields, scheme });
  return formatUrl({ ...fields, scheme: `${scheme}s`, parameters: redisTlsParameters(fields.tls, scheme) });
};

const redisTlsParameters = ({ mode, ca }: Tls, scheme: "redis" | "valkey"): Record<string, string | undefined> => {
  if (ca?.includes("%")) throw unwritable("the path of the CA file contains a %, which Python clients decode twice", "move the file");
  return {
    ssl_cert_reqs: mode === "require" ? "none" : undefined,
    ssl_check_hostname: mode === "verify-full" && scheme === "valkey" ? "true" : undefined,
    ssl_ca_certs: ca,
  };
};

/** Part of a user's ACL rules, where `*`, `?`, `[` and a backslash would be patterns. */
const PREFIX = /^[\w:.{}/-]{1,100}$/;
const PREFIX_RULE = "must be 1 to 100 characters of A-Z a-z 0-9 _ : . { } / -";

/** Parses the texts of a Redis setting. @throws EndowError `CONNECTION_URL_INVALID` */
export const readRedis = (texts: VariableTexts, scheme: "redis" | "valkey"): RedisConnection => {
  const { prefix } = texts;
  const isSecure = /^(true|1|yes|on)$/i.test(texts["tls"] ?? "");
  const form = { scheme: isSecure ? `${scheme}s` : scheme, tlsParameters: (tls: Tls) => redisTlsParameters(tls, scheme) };
  const { url, parts } = readConnection(texts, redisProtocol, form);
  if (prefix !== undefined && !PREFIX.test(prefix)) throw invalidUrl(PREFIX_RULE, "prefix", "use only these characters, as in shop:pr-42:");
  return new RedisConnection(url, parts, prefix);
};

/** The prefix of a resource. @throws EndowError `CONNECTION_FIELD_INVALID` */
export const writtenPrefix = ({ prefix }: RedisFields): string | undefined => {
  if (prefix !== undefined && !PREFIX.test(prefix))
    throw unwritable(`the prefix ${PREFIX_RULE}`, "use only these characters, as in shop:pr-42:");
  return prefix;
};

const isDatabase = (number: number): boolean => Number.isInteger(number) && number >= 0 && number <= 65_535;
