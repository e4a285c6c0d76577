import { z } from "zod";
import { bucket, mysqlUrl, secret, settings, smtp } from "../../../lib";
import type { RealApp } from "../app";

const storage = {
  region: false,
  endpoint: "STORAGE_ENDPOINT",
  accessKeyId: "STORAGE_ACCESS_KEY_ID",
  secretAccessKey: "STORAGE_SECRET_ACCESS_KEY",
  prefix: false,
} as const;

export const dub: RealApp = {
  repository: "dubinc/dub",
  file: "apps/web/.env.example",
  variables: [
    "DATABASE_URL",
    "PLANETSCALE_DATABASE_URL",
    "UPSTASH_REDIS_REST_URL",
    "UPSTASH_REDIS_REST_TOKEN",
    "STORAGE_ACCESS_KEY_ID",
    "STORAGE_SECRET_ACCESS_KEY",
    "STORAGE_ENDPOINT",
    "STORAGE_PUBLIC_BUCKET",
    "STORAGE_PRIVATE_BUCKET",
    "SMTP_HOST",
    "SMTP_PORT",
    "SMTP_USER",
    "SMTP_PASSWORD",
  ],
  declare: () =>
    settings("dub", {
      database: mysqlUrl({ variables: { url: ["DATABASE_URL", "PLANETSCALE_DATABASE_URL"] } }),
      upstashRedisRestUrl: z.url(),
      upstashRedisRestToken: secret(),
      publicFiles: bucket({ key: "shared", variables: { ...storage, bucket: "STORAGE_PUBLIC_BUCKET" } }),
      privateFiles: bucket({ key: "shared", variables: { ...storage, bucket: "STORAGE_PRIVATE_BUCKET" } }),
      smtp: smtp({ variables: { url: false, host: "SMTP_HOST", port: "SMTP_PORT", username: "SMTP_USER", password: "SMTP_PASSWORD" } }),
    }),
  supplied: { UPSTASH_REDIS_REST_URL: "https://example.upstash.io" },
};
