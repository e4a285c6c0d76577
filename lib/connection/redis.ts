import type { VariableTexts } from "../kind";
import { Connection, type ConnectionParts } from "./connection";
import { formatConnectionUrl, type Params } from "./format";
import { readConnection, flagOf } from "./parts";
import { invalidUrl, refusal, unwritable, type Protocol } from "./protocol";
import { tls, type Tls } from "./tls";
import { meaningOf, switchOf, type Words } from "./words";

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
const SOCKET = new Set(["unix", "redis+socket"]);

/**
 * Whether a value of `ssl_cert_reqs` means a verified certificate: in
 * [redis-py](https://redis.readthedocs.io/en/stable/connections.html#redis.connection.SSLConnection), and in capitals in
 * [Celery](https://docs.celeryq.dev/en/stable/userguide/configuration.html#redis-backend-settings). `optional` lets a client accept a
 * server without a certificate, so it guarantees no more than `none`.
 */
const VERIFIED: Words<boolean> = {
  none: false,
  optional: false,
  required: true,
  cert_none: false,
  cert_optional: false,
  cert_required: true,
};

/** [Lettuce](https://redis.github.io/lettuce/user-guide/connecting-redis/#uri-syntax): `ca` does not check the host. */
const PEER: Words<boolean> = { none: false, false: false, ca: false, full: true, true: true };

export const redisProtocol: Protocol<number> = {
  product: "Redis",
  schemes: /^(?:(?:redis|valkey)s?|unix|redis\+socket)$/,
  schemesInWords: "redis:// or rediss://",
  pattern: "redis://USER:PASSWORD@HOST:6379",
  defaultPort: 6379,
  oneHost: "write one host; for Sentinels or cluster nodes, use redisNodes()",
  overruling: ["host", "port", "username", "password"],
  // unix://USER:PASSWORD@/path?db=1 of redis-py, redis+socket:///path?virtual_host=1 of Celery.
  place: (front, { scheme, path }) => {
    if (!SOCKET.has(scheme)) return front;
    if (front.hosts.length > 0 || path === "")
      throw refusal("must have a socket path", "write it with three slashes: unix:///run/redis.sock");
    return { ...front, hosts: [{ host: `/${path}`, port: redisProtocol.defaultPort }] };
  },
  database: (path, parameter, scheme) => {
    const [front, query] = [SOCKET.has(scheme) ? "" : path, parameter("db") ?? parameter("virtual_host") ?? ""];
    if (![front, query].every((text) => /^\d{0,5}$/.test(text) && isDatabase(Number(text)))) {
      throw refusal(
        "must have only a database number after the host",
        "write a number, as in /0, or omit it; in a password, write / as %2F",
      );
    }
    if (front !== "" && query !== "" && Number(front) !== Number(query)) {
      throw refusal(
        "has two different database numbers, in its path and in its query",
        "remove one; client libraries disagree on which one counts",
      );
    }
    return Number(front || query);
  },
  databaseInWords: "must be a database number such as 0",
  tls: (scheme, parameter) => {
    if (!SECURE.has(scheme)) return tls("off");
    const verified = [
      meaningOf(parameter, ["ssl_cert_reqs"], VERIFIED, "none, optional or required"),
      switchOf(parameter, ["ssl_check_hostname"]),
      meaningOf(parameter, ["verifyPeer"], PEER, "NONE, CA or FULL"),
      // go-redis: https://pkg.go.dev/github.com/redis/go-redis/v9#ParseURL
      switchOf(parameter, ["skip_verify"]) === true ? false : undefined,
    ];
    return tls(verified.includes(false) ? "require" : "verify-full", parameter("ssl_ca_certs"));
  },
};

/**
 * Formats a URL, without a path for database 0, so that another number can be appended. TLS is an `s` after the scheme, for which every
 * client library verifies certificates. The rest are parameters that
 * redis-py and valkey-py read ([from_url](https://redis.readthedocs.io/en/stable/connections.html)) and Node's ioredis and redis ignore:
 * `ssl_cert_reqs=none` for `require`; `ssl_ca_certs=` for `ca`, which a Node app reads as `tls.ca` and passes to its client; and with
 * the scheme `valkey` `ssl_check_hostname=true`, because valkey-py 6 does not check the host name without it (redis-py does since 6).
 *
 * @param params further query parameters; they cannot lower the TLS settings
 * @throws EndowError `CONNECTION_FIELD_INVALID` for a field that a URL cannot contain.
 */
export const formatRedisUrl = (fields: RedisFields, scheme: "redis" | "valkey", params: Params = {}): string => {
  if (!isDatabase(fields.database)) throw unwritable("the database must be an integer from 0 to 65535", "use 0");
  const { database: number, ...rest } = fields;
  const parts = { ...rest, ...(number > 0 && { database: number }) };
  const secure = fields.tls.mode !== "off";
  return formatConnectionUrl(
    { ...parts, scheme: secure ? `${scheme}s` : scheme, parameters: secure ? redisTlsParameters(fields.tls, scheme) : {} },
    redisProtocol,
    fields.tls,
    params,
  );
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

/** Parses the variables of a Redis setting. @throws EndowError `CONNECTION_URL_INVALID` */
export const readRedis = (texts: VariableTexts, scheme: "redis" | "valkey"): RedisConnection => {
  const { prefix } = texts;
  const isSecure = flagOf("tls", texts["tls"]) ?? false;
  const form = {
    scheme: isSecure ? `${scheme}s` : scheme,
    tlsParameters: (tls: Tls) => redisTlsParameters(tls, scheme),
    whenTrue: "verify-full",
  } as const;
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
