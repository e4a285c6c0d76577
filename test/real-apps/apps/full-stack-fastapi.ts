import { postgresUrl, settings, smtp } from "../../../lib";
import type { RealApp } from "../app";

export const fullStackFastapi: RealApp = {
  repository: "fastapi/full-stack-fastapi-template",
  file: ".env",
  variables: ["DATABASE_URL", "POSTGRES_PASSWORD", "SMTP_HOST", "SMTP_PORT"],
  declare: () =>
    settings("fullStackFastapi", {
      database: postgresUrl({ scheme: "postgresql+psycopg", variables: { url: "DATABASE_URL", password: "POSTGRES_PASSWORD" } }),
      smtp: smtp({ variables: { url: false, host: "SMTP_HOST", port: "SMTP_PORT", username: "SMTP_USER", password: "SMTP_PASSWORD" } }),
    }),
};
