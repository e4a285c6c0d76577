import { Redis, type RedisOptions } from "ioredis";

/**
 * Runs `work` over a connection of its own, without retries.
 *
 * @param to a URL, or a login on this machine
 * @throws the server's first error, such as a refused password
 */
export const withRedis = async <T>(to: string | RedisOptions, work: (client: Redis) => Promise<T>): Promise<T> => {
  const options: RedisOptions = { lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0 };
  const client = typeof to === "string" ? new Redis(to, options) : new Redis({ host: "127.0.0.1", ...to, ...options });
  let problem: Error | undefined;
  client.on("error", (error: Error) => (problem ??= error));
  try {
    await client.connect().catch((error: Error) => {
      throw problem ?? error;
    });
    return await work(client);
  } finally {
    client.disconnect();
  }
};
