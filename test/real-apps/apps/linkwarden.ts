import { bucket, postgresUrl, settings, smtp } from "../../../lib";
import type { RealApp } from "../app";

export const linkwarden: RealApp = {
  repository: "linkwarden/linkwarden",
  file: ".env.sample",
  variables: [
    "DATABASE_URL",
    "POSTGRES_PASSWORD",
    "SPACES_KEY",
    "SPACES_SECRET",
    "SPACES_ENDPOINT",
    "SPACES_BUCKET_NAME",
    "SPACES_REGION",
    "EMAIL_SERVER",
  ],
  declare: () =>
    settings("linkwarden", {
      database: postgresUrl({ variables: { url: "DATABASE_URL", password: "POSTGRES_PASSWORD" } }),
      spaces: bucket({ variables: { bucket: "SPACES_BUCKET_NAME", accessKeyId: "SPACES_KEY", secretAccessKey: "SPACES_SECRET" } }),
      emailServer: smtp({ variables: { url: "EMAIL_SERVER" } }),
    }),
};
