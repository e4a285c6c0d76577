import { postgresUrl, redisUrl, settings } from "endow";
import { z } from "zod";

/** The variables of settings.py, and where their values come from. */
export const api = settings("api", {
  databaseUrl: postgresUrl({ version: "17", scheme: "postgresql+asyncpg" }), // DATABASE_URL, in SQLAlchemy's form
  redisUrl: redisUrl().optional(), // REDIS_URL; without it, visits are not counted
  pageSize: z.int().min(1).max(100).default(20), // PAGE_SIZE
});
