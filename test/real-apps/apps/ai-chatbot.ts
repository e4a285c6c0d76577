import { z } from "zod";
import { redisUrl, secret, settings } from "../../../lib";
import type { RealApp } from "../app";

export const aiChatbot: RealApp = {
  repository: "vercel/ai-chatbot",
  file: ".env.example",
  variables: ["KV_URL", "KV_REST_API_URL", "KV_REST_API_TOKEN", "KV_REST_API_READ_ONLY_TOKEN"],
  declare: () =>
    settings("aiChatbot", {
      kvUrl: redisUrl(),
      kvRestApiUrl: z.url(),
      kvRestApiToken: secret(),
      kvRestApiReadOnlyToken: secret(),
    }),
  supplied: { KV_REST_API_URL: "https://example.upstash.io" },
};
