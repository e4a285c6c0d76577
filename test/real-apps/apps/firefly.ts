import { z } from "zod";
import { postgresUrl, redisUrl, settings, smtp } from "../../../lib";
import type { RealApp } from "../app";

export const firefly: RealApp = {
  repository: "firefly-iii/firefly-iii",
  file: ".env.example",
  heldOut: true,
  variables: [
    "DB_HOST",
    "DB_PORT",
    "DB_DATABASE",
    "DB_USERNAME",
    "DB_PASSWORD",
    "REDIS_HOST",
    "REDIS_PORT",
    "REDIS_USERNAME",
    "REDIS_PASSWORD",
    "REDIS_DB",
    "REDIS_CACHE_DB",
    "MAIL_HOST",
    "MAIL_PORT",
    "MAIL_USERNAME",
    "MAIL_PASSWORD",
  ],
  declare: () =>
    settings("firefly", {
      dbConnection: z.enum(["pgsql", "mysql", "sqlite"]).default("pgsql"),
      database: postgresUrl({
        variables: {
          url: false,
          host: "DB_HOST",
          port: "DB_PORT",
          username: "DB_USERNAME",
          password: "DB_PASSWORD",
          database: "DB_DATABASE",
        },
      }),
      redis: redisUrl({
        variables: {
          url: false,
          host: "REDIS_HOST",
          port: "REDIS_PORT",
          username: "REDIS_USERNAME",
          password: "REDIS_PASSWORD",
          database: "REDIS_DB",
        },
      }),
      redisCacheDb: z.int().default(1),
      mail: smtp({ variables: { url: false, host: "MAIL_HOST", port: "MAIL_PORT", username: "MAIL_USERNAME", password: "MAIL_PASSWORD" } }),
    }),
  supplied: { REDIS_CACHE_DB: "1" },
};
