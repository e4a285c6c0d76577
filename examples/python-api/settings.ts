import { postgresUrl, redisUrl, settings } from "endow";
import { z } from "zod";

/** The same names as in settings.py; what differs is that this one knows how to get the values. */
export const api = settings("api", {
  databaseUrl: postgresUrl({ version: "17", scheme: "postgresql+asyncpg" }), // DATABASE_URL, as SQLAlchemy wants it
  redisUrl: redisUrl().optional(), // REDIS_URL; without it visits are not counted
  pageSize: z.int().min(1).max(100).default(20), // PAGE_SIZE
});
