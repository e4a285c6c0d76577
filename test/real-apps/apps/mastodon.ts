import { z } from "zod";
import { bucket, postgresUrl, redisUrl, secret, settings, smtp } from "../../../lib";
import type { RealApp } from "../app";

export const mastodon: RealApp = {
  repository: "mastodon/mastodon",
  file: ".env.production.sample",
  heldOut: true,
  variables: [
    "REDIS_HOST",
    "REDIS_PORT",
    "DB_HOST",
    "DB_USER",
    "DB_NAME",
    "DB_PASS",
    "DB_PORT",
    "ES_HOST",
    "ES_PORT",
    "ES_USER",
    "ES_PASS",
    "SMTP_SERVER",
    "SMTP_PORT",
    "SMTP_LOGIN",
    "SMTP_PASSWORD",
    "S3_BUCKET",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "S3_ALIAS_HOST",
  ],
  declare: () =>
    settings("mastodon", {
      redis: redisUrl({
        variables: { url: false, host: "REDIS_HOST", port: "REDIS_PORT", username: "REDIS_USER", password: "REDIS_PASSWORD" },
      }),
      database: postgresUrl({
        variables: { url: false, host: "DB_HOST", port: "DB_PORT", username: "DB_USER", password: "DB_PASS", database: "DB_NAME" },
      }),
      esHost: z.string(),
      esPort: z.int(),
      esUser: z.string(),
      esPass: secret(),
      smtp: smtp({ variables: { url: false, host: "SMTP_SERVER", port: "SMTP_PORT", username: "SMTP_LOGIN", password: "SMTP_PASSWORD" } }),
      s3: bucket({ variables: { accessKeyId: "AWS_ACCESS_KEY_ID", secretAccessKey: "AWS_SECRET_ACCESS_KEY" } }),
      s3AliasHost: z.string(),
    }),
  supplied: { ES_HOST: "localhost", ES_PORT: "9200", ES_USER: "elastic", S3_ALIAS_HOST: "files.example.com" },
};
