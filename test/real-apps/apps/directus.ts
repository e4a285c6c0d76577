import { bucket, postgresUrl, redisUrl, settings, smtp } from "../../../lib";
import type { RealApp } from "../app";

export const directus: RealApp = {
  repository: "directus/directus",
  file: "api/example.env",
  variables: [
    "DB_HOST",
    "DB_PORT",
    "DB_DATABASE",
    "DB_USER",
    "DB_PASSWORD",
    "RATE_LIMITER_REDIS",
    "CACHE_REDIS",
    "STORAGE_DIGITALOCEAN_KEY",
    "STORAGE_DIGITALOCEAN_SECRET",
    "STORAGE_DIGITALOCEAN_ENDPOINT",
    "STORAGE_DIGITALOCEAN_BUCKET",
    "STORAGE_DIGITALOCEAN_REGION",
    "EMAIL_SMTP_HOST",
    "EMAIL_SMTP_PORT",
    "EMAIL_SMTP_USER",
    "EMAIL_SMTP_PASSWORD",
  ],
  declare: () =>
    settings("directus", {
      database: postgresUrl({
        variables: { url: false, host: "DB_HOST", port: "DB_PORT", username: "DB_USER", password: "DB_PASSWORD", database: "DB_DATABASE" },
      }),
      rateLimiterRedis: redisUrl(),
      cacheRedis: redisUrl(),
      files: bucket({
        env: "STORAGE_DIGITALOCEAN",
        variables: { accessKeyId: "STORAGE_DIGITALOCEAN_KEY", secretAccessKey: "STORAGE_DIGITALOCEAN_SECRET" },
      }),
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
