import { apiKeys, bucket, postgresUrl, redisUrl, secret, settings } from "endow";
import { z } from "zod";

/** All settings of the shop, used by the app, by `endow dev` and by the deploy. */
export const shared = settings(
  "shared",
  {
    databaseUrl: postgresUrl({ version: "17" }), // DATABASE_URL
    redisUrl: redisUrl().optional(), // REDIS_URL; without it, nothing is cached
    uploads: bucket().optional(), // UPLOADS_BUCKET, UPLOADS_REGION, ...; without it, nothing can be uploaded
    llmProvider: z.enum(["openai", "local"]).default("local"), // LLM_PROVIDER
    llmApiKey: secret({ alias: "OPENAI_API_KEY" }), // LLM_API_KEY
    apiKeys: apiKeys({ requiredIn: ["production"] }), // API_KEYS="key:namespace,..."; if unset, writes need no key
    host: z.string().default("127.0.0.1"), // HOST; 0.0.0.0 in a container
    port: z.int().min(0).max(65_535).default(3000), // PORT; 0 for any free port
  },
  { requiredWhen: { llmApiKey: { llmProvider: "openai" } } },
);
