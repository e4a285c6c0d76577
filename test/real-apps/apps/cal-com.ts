import { postgresUrl, settings, smtp } from "../../../lib";
import type { RealApp } from "../app";

export const calCom: RealApp = {
  repository: "calcom/cal.com",
  file: ".env.example",
  variables: ["SAML_DATABASE_URL", "EMAIL_SERVER_HOST", "EMAIL_SERVER_PORT", "EMAIL_SERVER_USER", "EMAIL_SERVER_PASSWORD"],
  declare: () =>
    settings("calCom", {
      samlDatabaseUrl: postgresUrl(),
      emailServer: smtp({
        variables: {
          url: false,
          host: "EMAIL_SERVER_HOST",
          port: "EMAIL_SERVER_PORT",
          username: "EMAIL_SERVER_USER",
          password: "EMAIL_SERVER_PASSWORD",
        },
      }),
    }),
};
