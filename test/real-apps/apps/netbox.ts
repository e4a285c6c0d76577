import { postgresUrl, redisUrl, settings, smtp } from "../../../lib";
import type { RealApp } from "../app";

export const netbox: RealApp = {
  repository: "netbox-community/netbox-docker",
  file: "env/netbox.env",
  heldOut: true,
  variables: [
    "DB_NAME",
    "DB_USER",
    "DB_PASSWORD",
    "DB_HOST",
    "EMAIL_SERVER",
    "EMAIL_PORT",
    "EMAIL_USERNAME",
    "EMAIL_PASSWORD",
    "REDIS_HOST",
    "REDIS_PASSWORD",
    "REDIS_DATABASE",
    "REDIS_CACHE_HOST",
    "REDIS_CACHE_PASSWORD",
    "REDIS_CACHE_DATABASE",
  ],
  declare: () =>
    settings("netbox", {
      database: postgresUrl({
        variables: { url: false, host: "DB_HOST", port: "DB_PORT", username: "DB_USER", password: "DB_PASSWORD", database: "DB_NAME" },
      }),
      email: smtp({
        variables: { url: false, host: "EMAIL_SERVER", port: "EMAIL_PORT", username: "EMAIL_USERNAME", password: "EMAIL_PASSWORD" },
      }),
      redis: redisUrl({
        variables: {
          url: false,
          host: "REDIS_HOST",
          port: "REDIS_PORT",
          username: "REDIS_USERNAME",
          password: "REDIS_PASSWORD",
          database: "REDIS_DATABASE",
        },
      }),
      redisCache: redisUrl({
        variables: {
          url: false,
          host: "REDIS_CACHE_HOST",
          port: "REDIS_CACHE_PORT",
          username: "REDIS_CACHE_USERNAME",
          password: "REDIS_CACHE_PASSWORD",
          database: "REDIS_CACHE_DATABASE",
        },
      }),
    }),
};
