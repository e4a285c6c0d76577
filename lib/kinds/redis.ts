import { z } from "zod/v4";
import { fieldsOfConnection } from "../connection/connection";
import { connectionSchema } from "../connection/schema";
import type { Versions } from "../container";
import { formatRedisUrl, readRedis, redisProtocol, writtenPrefix, type RedisConnection, type RedisFields } from "../connection/redis";
import { connectionVariables, partEncoders, type ConnectionField } from "../connection/variables";
import { builderOf, type Builder } from "../setting";
import { defineKind, type VariableTexts } from "../kind";
import { once } from "../internal/once";
import type { Spelling } from "../text-values";
import { booleanOption } from "./boolean-option";
import { checkParams, paramsOption } from "./params-option";
import { type ServerOption, serverOption } from "./server-option";
import { passwordWeaknesses } from "./weakness";

/** Options of a Redis server. */
export interface RedisOptions {
  /**
   * The id of the setting's server. Settings cannot share a server, because it cannot isolate their keys.
   * @default - derived from the setting's id
   */
  readonly server?: ServerOption;
  /**
   * Major version of the server, Redis or Valkey.
   * @default - any version
   */
  readonly version?: "7" | "8" | "9";
  /**
   * URL scheme that the client library expects; with TLS an `s` is added. Only Valkey clients such as valkey-py accept `valkey`.
   * @default "redis"
   */
  readonly scheme?: "redis" | "valkey";
  /**
   * The events that the server publishes when keys change, as letters of the directive `notify-keyspace-events`: `"KEA"`, or `"Ex"` for expired
   * keys. Letters that only some servers support (`o`, `c`) are rejected.
   * @default - none
   */
  readonly keyspaceNotifications?: string;
  /**
   * Further query parameters of a provisioned URL, which cannot weaken TLS: `{ ssl_cert_reqs: "CERT_REQUIRED" }` for Celery.
   * @default - none
   */
  readonly params?: Readonly<Record<string, string>>;
  /**
   * How true is written in the variable `tls`, and false accordingly, for an app that knows one spelling: `"True"`, `"1"`. All spellings are read.
   * @default "true"
   */
  readonly boolean?: Spelling;
}

const versions = {
  servers: ["7", "8", "9"],
  clients: {
    // https://github.com/redis/node-redis#compatibility, https://github.com/redis/redis-py#supported-redis-versions
    "npm:redis": ["7", "8"],
    "pypi:redis": ["7", "8"],
  },
} as const satisfies Versions;

/** Schema of the options; documented in `RedisOptions`. */
const options = once(() =>
  z
    .strictObject({
      server: serverOption(),
      version: z.enum(versions.servers).optional(),
      scheme: z.enum(["redis", "valkey"]).default("redis"),
      params: paramsOption(),
      boolean: booleanOption(),
      keyspaceNotifications: z
        .string()
        .regex(
          /^(?=.*[KE])(?=.*[A$lshzxetdmgn])[KEA$lshzxetdmgn]+$/,
          'must be letters of `notify-keyspace-events`: K or E or both, and one or more of A g $ l s h z x e t d m n, such as "KEA"',
        )
        .optional(),
    })
    .superRefine(checkParams(redisProtocol, ({ scheme }) => `${scheme}s`)),
);

type Options = z.output<ReturnType<typeof options>>;

const { url, host, port, username, password, database, tls } = connectionVariables;

/**
 * Keeps saved users, sets the administrator's password hash on every start, and disables the default user.
 * Same durability as in local development: a crash loses at most the last second of writes.
 */
const START = `umask 077
cd /data
touch users.acl
hash=$(printf %s "$VALKEY_PASSWORD" | sha256sum | cut -d " " -f 1)
{ grep -v -e "^user default " -e "^user $VALKEY_ADMINISTRATOR " users.acl || true; } > users.acl.new
printf "user default off resetchannels -@all\\nuser %s on #%s ~* &* +@all\\n" "$VALKEY_ADMINISTRATOR" "$hash" >> users.acl.new
mv users.acl.new users.acl
exec valkey-server --port 6379 --dir /data --aclfile /data/users.acl --appendonly yes --appendfsync everysec --save "" \\
  --notify-keyspace-events "$VALKEY_KEYSPACE_NOTIFICATIONS"`;

/** A Redis or Valkey server in one variable, `REDIS_URL`. The server's recipe sets its user's permissions, not role steps. */
export const redisKind = defineKind({
  name: "redis",
  secret: true,
  options,
  variables: [url, host, port, username, password, database, tls, { field: "prefix", suffix: "PREFIX", secret: false, required: false }],
  fields: {
    host: "public",
    port: "public",
    database: "public",
    username: "public",
    password: "secret",
    tls: "public",
    prefix: "public",
  },
  optionalFields: { prefix: "shared" },
  exampleFields: {
    host: "localhost",
    port: 6379,
    database: 0,
    username: "example",
    password: "example",
    tls: { mode: "off" },
    prefix: "example:",
  },
  encode: {
    ...partEncoders,
    url: (fields: RedisFields, { scheme, params }: Options) => formatRedisUrl(fields, scheme, params),
    prefix: writtenPrefix,
  },
  decode: (connection: RedisConnection): RedisFields => {
    const { prefix } = connection;
    return { ...fieldsOfConnection(connection), ...(prefix !== undefined && { prefix }) };
  },
  schema: ({ scheme }: Options): z.ZodType<RedisConnection, VariableTexts> => connectionSchema((texts) => readRedis(texts, scheme)),
  weaknesses: ({ username, password }) => passwordWeaknesses(username, password.reveal()),
  // A user cannot be restricted to one numbered database, and apps do not use key prefixes: two settings would share keys.
  server: ({ server, version }: Options) => ({ shared: false, ...server, ...(version !== undefined && { version }) }),
  versions,
  container: {
    images: {
      "7": "docker.io/valkey/valkey:7.2.13",
      "8": "docker.io/valkey/valkey:8.1.9",
      "9": "docker.io/valkey/valkey:9.1.1",
    } satisfies Readonly<Record<(typeof versions.servers)[number], string>>,
    version: "9",
    port: redisProtocol.defaultPort,
    user: 999,
    command: ["sh", "-euc", START],
    environment: { VALKEY_KEYSPACE_NOTIFICATIONS: "" },
    options: { keyspaceNotifications: "VALKEY_KEYSPACE_NOTIFICATIONS" },
    administrator: { username: "VALKEY_ADMINISTRATOR", password: "VALKEY_PASSWORD" },
    volume: "/data",
    // The password is read from REDISCLI_AUTH, because other users can read arguments.
    probe: ["sh", "-c", 'REDISCLI_AUTH="$VALKEY_PASSWORD" exec valkey-cli -e -p 6379 --user "$VALKEY_ADMINISTRATOR" ping'],
  },
});

/** A Redis or Valkey server with a dedicated user: `REDIS_URL`. */
export const redisUrl: Builder<RedisOptions, RedisConnection, "redis", ConnectionField | "prefix"> = builderOf(redisKind);
