import { postgresUrl, redisUrl, settings } from "../../../lib";
import type { RealApp } from "../app";

export const activepieces: RealApp = {
  repository: "activepieces/activepieces",
  file: ".env.example",
  variables: [
    "AP_POSTGRES_DATABASE",
    "AP_POSTGRES_HOST",
    "AP_POSTGRES_PORT",
    "AP_POSTGRES_USERNAME",
    "AP_POSTGRES_PASSWORD",
    "AP_REDIS_HOST",
    "AP_REDIS_PORT",
  ],
  declare: () =>
    settings("activepieces", {
      postgres: postgresUrl({
        variables: {
          url: false,
          host: "AP_POSTGRES_HOST",
          port: "AP_POSTGRES_PORT",
          username: "AP_POSTGRES_USERNAME",
          password: "AP_POSTGRES_PASSWORD",
          database: "AP_POSTGRES_DATABASE",
        },
      }),
      redis: redisUrl({
        variables: { url: false, host: "AP_REDIS_HOST", port: "AP_REDIS_PORT", username: "AP_REDIS_USER", password: "AP_REDIS_PASSWORD" },
      }),
    }),
};
