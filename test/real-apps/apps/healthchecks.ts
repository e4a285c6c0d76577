import { bucket, postgresUrl, settings, smtp } from "../../../lib";
import type { RealApp } from "../app";

export const healthchecks: RealApp = {
  repository: "healthchecks/healthchecks",
  file: "docker/.env.example",
  variables: [
    "DB_HOST",
    "DB_NAME",
    "DB_PASSWORD",
    "DB_PORT",
    "DB_USER",
    "S3_BUCKET",
    "S3_REGION",
    "S3_ACCESS_KEY",
    "S3_SECRET_KEY",
    "S3_ENDPOINT",
    "EMAIL_HOST",
    "EMAIL_HOST_PASSWORD",
    "EMAIL_HOST_USER",
    "EMAIL_PORT",
  ],
  declare: () =>
    settings("healthchecks", {
      database: postgresUrl({
        variables: { url: false, host: "DB_HOST", port: "DB_PORT", username: "DB_USER", password: "DB_PASSWORD", database: "DB_NAME" },
      }),
      s3: bucket({ variables: { accessKeyId: "S3_ACCESS_KEY", secretAccessKey: "S3_SECRET_KEY" } }),
      email: smtp({
        variables: { url: false, host: "EMAIL_HOST", port: "EMAIL_PORT", username: "EMAIL_HOST_USER", password: "EMAIL_HOST_PASSWORD" },
      }),
    }),
};
