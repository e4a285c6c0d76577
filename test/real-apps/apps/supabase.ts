import { bucket, postgresUrl, settings, smtp } from "../../../lib";
import type { RealApp } from "../app";

export const supabase: RealApp = {
  repository: "supabase/supabase",
  file: "docker/.env.example",
  variables: [
    "POSTGRES_HOST",
    "POSTGRES_DB",
    "POSTGRES_PORT",
    "POSTGRES_PASSWORD",
    "GLOBAL_S3_BUCKET",
    "REGION",
    "MINIO_ROOT_USER",
    "MINIO_ROOT_PASSWORD",
    "SMTP_HOST",
    "SMTP_PORT",
    "SMTP_USER",
    "SMTP_PASS",
  ],
  declare: () =>
    settings("supabase", {
      postgres: postgresUrl({
        variables: {
          url: false,
          host: "POSTGRES_HOST",
          port: "POSTGRES_PORT",
          username: "POSTGRES_USER",
          password: "POSTGRES_PASSWORD",
          database: "POSTGRES_DB",
        },
      }),
      files: bucket({
        variables: { bucket: "GLOBAL_S3_BUCKET", region: "REGION", accessKeyId: "MINIO_ROOT_USER", secretAccessKey: "MINIO_ROOT_PASSWORD" },
      }),
      smtp: smtp({ variables: { url: false, host: "SMTP_HOST", port: "SMTP_PORT", username: "SMTP_USER", password: "SMTP_PASS" } }),
    }),
};
