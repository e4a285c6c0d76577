import type { Config } from "endow";
import { Redis } from "ioredis";
import { Pool } from "pg";
import type { shared } from "./settings.js";

export interface Item {
  readonly id: number;
  readonly name: string;
}

const CACHE_KEY = "shop:items";
const CACHE_SECONDS = 60;

/** The items of the shop, stored in PostgreSQL; their list is cached in Redis if available. */
export const openItems = async ({ databaseUrl, redisUrl }: Pick<Config<typeof shared>, "databaseUrl" | "redisUrl">) => {
  const database = new Pool({ connectionString: databaseUrl.reveal() });
  // Without a listener, a broken idle connection would crash the process.
  database.on("error", (error) => console.error("PostgreSQL:", error.message));
  const cache = redisUrl && new Redis(redisUrl.reveal(), { maxRetriesPerRequest: 1 });
  cache?.on("error", (error: Error) => console.error("Redis:", error.message));

  await database.query("create table if not exists items (id integer generated always as identity primary key, name text not null)");

  return {
    add: async (name: string): Promise<Item | undefined> => {
      const { rows } = await database.query<Item>("insert into items (name) values ($1) returning id, name", [name]);
      await cache?.del(CACHE_KEY);
      return rows[0];
    },

    all: async (): Promise<{ readonly list: readonly Item[]; readonly cached: boolean }> => {
      const known = await cache?.get(CACHE_KEY);
      if (known) return { list: JSON.parse(known) as readonly Item[], cached: true };
      const { rows } = await database.query<Item>("select id, name from items order by id");
      await cache?.set(CACHE_KEY, JSON.stringify(rows), "EX", CACHE_SECONDS);
      return { list: rows, cached: false };
    },

    close: async (): Promise<void> => {
      cache?.disconnect();
      await database.end();
    },
  };
};
