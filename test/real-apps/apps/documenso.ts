import { bucket, postgresUrl, settings, smtp } from "../../../lib";
import type { RealApp } from "../app";

export const documenso: RealApp = {
  repository: "documenso/documenso",
  file: ".env.example",
  variables: [
    "NEXT_PRIVATE_DATABASE_URL",
    "NEXT_PRIVATE_DIRECT_DATABASE_URL",
    "NEXT_PRIVATE_UPLOAD_ENDPOINT",
    "NEXT_PRIVATE_UPLOAD_REGION",
    "NEXT_PRIVATE_UPLOAD_BUCKET",
    "NEXT_PRIVATE_UPLOAD_ACCESS_KEY_ID",
    "NEXT_PRIVATE_UPLOAD_SECRET_ACCESS_KEY",
    "NEXT_PRIVATE_SMTP_HOST",
    "NEXT_PRIVATE_SMTP_PORT",
    "NEXT_PRIVATE_SMTP_USERNAME",
    "NEXT_PRIVATE_SMTP_PASSWORD",
  ],
  declare: () =>
    settings("documenso", {
      database: postgresUrl({ variables: { url: ["NEXT_PRIVATE_DATABASE_URL", "NEXT_PRIVATE_DIRECT_DATABASE_URL"] } }),
      upload: bucket({ env: "NEXT_PRIVATE_UPLOAD" }),
      smtp: smtp({
        variables: {
          url: false,
          host: "NEXT_PRIVATE_SMTP_HOST",
          port: "NEXT_PRIVATE_SMTP_PORT",
          username: "NEXT_PRIVATE_SMTP_USERNAME",
          password: "NEXT_PRIVATE_SMTP_PASSWORD",
        },
      }),
    }),
};
