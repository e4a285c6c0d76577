import { z } from "zod";
import { connectionSchema } from "../connection/schema";
import type { RedisConnection } from "../connection/connection";
import { formatRedisUrl, redisProtocol, type RedisFields } from "../connection/redis";
import { builderOf, type Builder } from "../setting";
import { defineKind, type VariableTexts } from "../kind";
import { once } from "../internal/once";
import { type ServerOption, serverOption } from "./server-option";
import { isPlaceholder } from "./weakness";

/** What can be said about a Redis server. */
export interface RedisOptions {
  /**
   * The id of the setting's server. No other setting can have the same: a server cannot keep the keys of two settings apart.
   * @default - made from the setting's id
   */
  readonly server?: ServerOption;
  /**
   * Major version of the server, Redis or Valkey.
   * @default - any will do
   */
  readonly version?: "7" | "8" | "9";
  /**
   * URL scheme that the client library wants; with TLS an `s` is added. Only valkey-py and its like take `valkey`.
   * @default "redis"
   */
  readonly scheme?: "redis" | "valkey";
}

/** What the options must be; `RedisOptions` is the same in words. */
const options = once(() =>
  z.strictObject({
    server: serverOption(),
    version: z.enum(["7", "8", "9"]).optional(),
    scheme: z.enum(["redis", "valkey"]).default("redis"),
  }),
);

type Options = z.output<ReturnType<typeof options>>;

const schema = once((): z.ZodType<RedisConnection, VariableTexts> => connectionSchema(redisProtocol));

/** A Redis or Valkey server in one variable, `REDIS_URL`. What its user may do is set by the server's recipe, not by statements. */
export const redisKind = defineKind({
  name: "redis",
  secret: true,
  options,
  variables: () => [{ suffix: "", secret: true, required: true }],
  fields: {
    host: "public",
    port: "public",
    database: "public",
    username: "public",
    password: "secret",
    tls: "public",
  },
  encode: (fields: RedisFields, { scheme }: Options) => ({ "": formatRedisUrl(fields, scheme) }),
  schema,
  example: ({ scheme }: Options) => ({ "": `${scheme}://example:example@localhost:6379/0` }),
  weaknesses: ({ password }) =>
    password.reveal() !== "" && isPlaceholder(password.reveal()) ? ["has a password that looks like a placeholder"] : [],
  // A user cannot be kept to one of a server's numbered databases, and an app knows nothing of key prefixes: two settings would share keys.
  server: ({ server, version }: Options) => ({ shared: false, ...server, ...(version !== undefined && { version }) }),
});

/** A Redis or Valkey server with a user of its own: `REDIS_URL`. */
export const redisUrl: Builder<RedisOptions, RedisConnection, "redis"> = builderOf(redisKind);
