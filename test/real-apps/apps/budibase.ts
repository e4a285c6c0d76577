import { z } from "zod";
import { bucket, postgresUrl, redisUrl, secret, settings } from "../../../lib";
import type { RealApp } from "../app";

export const budibase: RealApp = {
  repository: "Budibase/budibase",
  file: "hosting/.env",
  variables: [
    "MINIO_ACCESS_KEY",
    "MINIO_SECRET_KEY",
    "MINIO_PORT",
    "COUCH_DB_USER",
    "COUCH_DB_PASSWORD",
    "COUCH_DB_PORT",
    "REDIS_PASSWORD",
    "REDIS_USERNAME",
    "REDIS_PORT",
    "LITELLM_DB_NAME",
    "LITELLM_DB_USER",
    "LITELLM_DB_PASSWORD",
  ],
  declare: () =>
    settings("budibase", {
      minio: bucket({
        variables: { endpoint: "MINIO_URL", port: "MINIO_PORT", accessKeyId: "MINIO_ACCESS_KEY", secretAccessKey: "MINIO_SECRET_KEY" },
      }),
      couchDbUser: z.string(),
      couchDbPassword: secret(),
      couchDbPort: z.int(),
      redis: redisUrl({
        variables: { url: "REDIS_URL", port: "REDIS_PORT", username: "REDIS_USERNAME", password: "REDIS_PASSWORD" },
      }),
      litellm: postgresUrl({
        variables: {
          url: "LITELLM_DATABASE_URL",
          username: "LITELLM_DB_USER",
          password: "LITELLM_DB_PASSWORD",
          database: "LITELLM_DB_NAME",
        },
      }),
    }),
  supplied: { COUCH_DB_USER: "budibase", COUCH_DB_PORT: "5984" },
};
