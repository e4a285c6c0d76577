import { postgresUrl, redisUrl, settings } from "../../../lib";
import type { RealApp } from "../app";

export const medusa: RealApp = {
  repository: "medusajs/medusa-starter-default",
  file: ".env.template",
  variables: ["DATABASE_URL", "REDIS_URL"],
  declare: () =>
    settings("medusa", {
      databaseUrl: postgresUrl(),
      redisUrl: redisUrl(),
    }),
};
