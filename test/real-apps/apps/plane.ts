import { bucket, postgresUrl, redisUrl, settings, smtp } from "../../../lib";
import type { RealApp } from "../app";

export const plane: RealApp = {
  repository: "makeplane/plane",
  file: ".env.example",
  heldOut: true,
  variables: [
    "PGUSER",
    "PGPASSWORD",
    "PGHOST",
    "PGDATABASE",
    "DATABASE_URL",
    "REDIS_HOST",
    "REDIS_PORT",
    "REDIS_URL",
    "EMAIL_HOST",
    "EMAIL_HOST_USER",
    "EMAIL_HOST_PASSWORD",
    "EMAIL_PORT",
    "AWS_REGION",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_S3_ENDPOINT_URL",
    "AWS_S3_BUCKET_NAME",
  ],
  declare: () =>
    settings("plane", {
      database: postgresUrl({
        variables: {
          url: "DATABASE_URL",
          host: "PGHOST",
          port: "PGPORT",
          username: "PGUSER",
          password: "PGPASSWORD",
          database: "PGDATABASE",
        },
      }),
      redis: redisUrl({ variables: { url: "REDIS_URL", host: "REDIS_HOST", port: "REDIS_PORT" } }),
      email: smtp({
        variables: { url: false, host: "EMAIL_HOST", port: "EMAIL_PORT", username: "EMAIL_HOST_USER", password: "EMAIL_HOST_PASSWORD" },
      }),
      files: bucket({ env: "AWS", variables: { bucket: "AWS_S3_BUCKET_NAME", endpoint: "AWS_S3_ENDPOINT_URL" } }),
    }),
};
