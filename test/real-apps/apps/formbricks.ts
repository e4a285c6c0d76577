import { postgresUrl, settings, smtp } from "../../../lib";
import type { RealApp } from "../app";

export const formbricks: RealApp = {
  repository: "formbricks/formbricks",
  file: ".env.example",
  variables: ["DATABASE_URL", "SMTP_HOST", "SMTP_PORT", "SMTP_USER", "SMTP_PASSWORD"],
  declare: () =>
    settings("formbricks", {
      databaseUrl: postgresUrl(),
      smtp: smtp({ variables: { url: false, host: "SMTP_HOST", port: "SMTP_PORT", username: "SMTP_USER", password: "SMTP_PASSWORD" } }),
    }),
};
