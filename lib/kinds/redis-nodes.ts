import { z } from "zod/v4";
import { urlParts } from "../connection/parse";
import { RedisNodes, redisNodesProtocol } from "../connection/redis-nodes";
import { connectionSchema } from "../connection/schema";
import { once } from "../internal/once";
import { defineKind, type VariableTexts } from "../kind";
import { builderOf, type Builder } from "../setting";
import { suppliedConnection } from "./supplied-connection";

/** Options of a list of Redis Sentinels or cluster nodes. */
export interface RedisNodesOptions {
  /**
   * Default port of a node: 26379 for Sentinels.
   * @default 6379
   */
  readonly port?: number;
}

/** Schema of the options; documented in `RedisNodesOptions`. */
const options = once(() => z.strictObject({ port: z.int().min(1).max(65_535).default(6379) }));

type Options = z.output<ReturnType<typeof options>>;

/** A list of Redis Sentinels or cluster nodes that the user supplies. */
const redisNodesKind = defineKind({
  ...suppliedConnection,
  name: "redisNodes",
  options,
  variables: [{ field: "value", suffix: "", secret: true, required: true }],
  example: () => ({ value: "redis://:fake-secret@localhost:6379,localhost:6380" }),
  schema: ({ port }: Options): z.ZodType<RedisNodes, VariableTexts> =>
    connectionSchema(({ value = "" }) => new RedisNodes(value, urlParts(value, redisNodesProtocol(port)))),
});

/**
 * Redis Sentinels or cluster nodes that you supply: `REDIS_SENTINELS="a:26379,b:26379"`, also as URLs. Pass `config.redisSentinels.nodes`
 * to the client. Declare the master's name and separate passwords as settings of their own.
 */
export const redisNodes: Builder<RedisNodesOptions, RedisNodes, "redisNodes"> = builderOf(redisNodesKind);
