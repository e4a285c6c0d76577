import { bucket, postgresUrl, redisUrl, settings, smtp } from "../../../lib";
import type { RealApp } from "../app";

export const outline: RealApp = {
  repository: "outline/outline",
  file: ".env.sample",
  variables: [
    "DATABASE_URL",
    "REDIS_URL",
    "REDIS_COLLABORATION_URL",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_REGION",
    "AWS_S3_UPLOAD_BUCKET_URL",
    "AWS_S3_UPLOAD_BUCKET_NAME",
    "SMTP_USERNAME",
    "SMTP_PASSWORD",
  ],
  declare: () =>
    settings("outline", {
      databaseUrl: postgresUrl(),
      redisUrl: redisUrl(),
      redisCollaborationUrl: redisUrl(),
      uploads: bucket({
        variables: {
          bucket: "AWS_S3_UPLOAD_BUCKET_NAME",
          region: "AWS_REGION",
          endpoint: "AWS_S3_UPLOAD_BUCKET_URL",
          accessKeyId: "AWS_ACCESS_KEY_ID",
          secretAccessKey: "AWS_SECRET_ACCESS_KEY",
        },
      }),
      smtp: smtp({ variables: { url: false, host: "SMTP_HOST", port: "SMTP_PORT", username: "SMTP_USERNAME", password: "SMTP_PASSWORD" } }),
    }),
};
