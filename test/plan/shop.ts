import assert from "node:assert/strict";
import { z } from "zod";
import {
  apiKeys,
  bucket,
  postgresUrl,
  redisUrl,
  secret,
  settings,
  type Plan,
  type PlannedVariable,
  type PlanRequest,
} from "../../lib/index";
import { plan } from "../../lib/plan";

/** The declaration of the design's first page. */
export const shared = settings(
  "shared",
  {
    databaseUrl: postgresUrl({ version: "17" }),
    redisUrl: redisUrl(),
    uploads: bucket(),
    llmProvider: z.enum(["openai", "local"]).default("local"),
    llmApiKey: secret({ alias: "OPENAI_API_KEY" }).optional(),
    embeddingApiKey: secret({ fallback: "llmApiKey" }),
    apiKeys: apiKeys({ requiredIn: ["production"] }),
  },
  { requiredWhen: { llmApiKey: { llmProvider: "openai" } } },
);

/** A plan for it in production, with overrides for a test. */
export const planned = (request: Partial<PlanRequest> = {}): Plan =>
  plan({ project: "shop", groups: [shared], environment: "production", ...request });

/** One variable of such a plan. */
export const variable = (name: string, request?: Partial<PlanRequest>): PlannedVariable =>
  planned(request).variables.find((row) => row.name === name) ?? assert.fail(`${name} is planned`);
