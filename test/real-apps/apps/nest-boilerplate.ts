import { z } from "zod";
import { bucket, natsUrl, postgresUrl, redisUrl, secret, settings } from "../../../lib";
import type { RealApp } from "../app";

export const nestBoilerplate: RealApp = {
  repository: "NarHakobyan/awesome-nest-boilerplate",
  file: ".env.example",
  variables: [
    "DB_HOST",
    "DB_PORT",
    "DB_USERNAME",
    "DB_PASSWORD",
    "DB_DATABASE",
    "REDIS_URL",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_REGION",
    "AWS_S3_BUCKET_NAME",
    "AWS_S3_BUCKET_REGION",
    "NATS_HOST",
    "NATS_PORT",
    "MEILI_HOST",
    "MEILI_MASTER_KEY",
  ],
  declare: () =>
    settings("nestBoilerplate", {
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
      redisUrl: redisUrl(),
      files: bucket({
        env: "AWS",
        variables: { bucket: "AWS_S3_BUCKET_NAME", region: ["AWS_REGION", "AWS_S3_BUCKET_REGION"] },
      }),
      nats: natsUrl({ variables: { url: false, host: "NATS_HOST", port: "NATS_PORT" } }),
      meiliHost: z.url(),
      meiliMasterKey: secret(),
    }),
  supplied: { MEILI_HOST: "http://localhost:7700" },
};
