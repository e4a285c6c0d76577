import { postgresUrl, redisUrl, settings, smtp } from "../../../lib";
import type { RealApp } from "../app";

export const twenty: RealApp = {
  repository: "twentyhq/twenty",
  file: "packages/twenty-server/.env.example",
  heldOut: true,
  variables: [
    "PG_DATABASE_URL",
    "REDIS_HOST",
    "REDIS_PORT",
    "EMAIL_SMTP_HOST",
    "EMAIL_SMTP_PORT",
    "EMAIL_SMTP_USER",
    "EMAIL_SMTP_PASSWORD",
  ],
  declare: () =>
    settings("twenty", {
      pgDatabaseUrl: postgresUrl({ scheme: "postgres" }),
      redis: redisUrl({ variables: { url: "REDIS_URL", host: "REDIS_HOST", port: "REDIS_PORT" } }),
      email: smtp({
        variables: {
          url: false,
          host: "EMAIL_SMTP_HOST",
          port: "EMAIL_SMTP_PORT",
          username: "EMAIL_SMTP_USER",
          password: "EMAIL_SMTP_PASSWORD",
        },
      }),
    }),
};
