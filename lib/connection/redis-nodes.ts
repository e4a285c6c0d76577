import { Connection, type HostAndPort } from "./connection";
import { joinedList } from "./lists";
import type { Protocol } from "./protocol";
import { redisProtocol } from "./redis";

/** The value of a setting for Redis Sentinels or cluster nodes. */
export class RedisNodes extends Connection<undefined> {
  /** All nodes, in the order of the list: `sentinels` of ioredis, `rootNodes` of a cluster. */
  get nodes(): readonly HostAndPort[] {
    return this.hosts;
  }
}

const SENTINEL = /sentinel/;

/**
 * A list of hosts or of URLs, separated by commas or semicolons: `a:26379,b:26379`, `sentinel://a:26379;sentinel://b:26379` of
 * [Celery](https://docs.celeryq.dev/en/stable/getting-started/backends-and-brokers/redis.html#sentinel), `redis://a:6379,b:6379`.
 * Anything after the last host is kept in `reveal()`.
 *
 * @param port default port, unless the scheme is a Sentinel's
 */
export const redisNodesProtocol = (port: number): Protocol<undefined> => ({
  product: "a list of Redis nodes",
  schemes: /^(?:(?:redis|valkey)s?(?:[+-]sentinel)?|sentinel)$/,
  schemesInWords: "redis:// or rediss://, or with no scheme",
  pattern: "HOST:PORT,HOST:PORT",
  defaultPort: port,
  portOf: (scheme) => (SENTINEL.test(scheme) ? 26_379 : port),
  joined: (text) => joinedList(text, "redis", /\/?[,;]/),
  overruling: ["host", "port"],
  database: () => undefined,
  databaseInWords: "must not be set",
  tls: (scheme, parameter) => redisProtocol.tls(scheme.replace(/[+-]sentinel$/, ""), parameter, port),
});
