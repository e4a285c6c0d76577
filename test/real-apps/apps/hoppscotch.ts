import { postgresUrl, settings, smtp } from "../../../lib";
import type { RealApp } from "../app";

export const hoppscotch: RealApp = {
  repository: "hoppscotch/hoppscotch",
  file: ".env.example",
  variables: ["DATABASE_URL", "MAILER_SMTP_URL", "MAILER_SMTP_HOST", "MAILER_SMTP_PORT", "MAILER_SMTP_USER", "MAILER_SMTP_PASSWORD"],
  declare: () =>
    settings("hoppscotch", {
      databaseUrl: postgresUrl(),
      mailer: smtp({
        variables: {
          url: "MAILER_SMTP_URL",
          host: "MAILER_SMTP_HOST",
          port: "MAILER_SMTP_PORT",
          username: "MAILER_SMTP_USER",
          password: "MAILER_SMTP_PASSWORD",
        },
      }),
    }),
};
