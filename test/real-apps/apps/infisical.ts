import { mongodbUrl, settings, smtp } from "../../../lib";
import type { RealApp } from "../app";

export const infisical: RealApp = {
  repository: "Infisical/infisical",
  file: ".env.example",
  variables: ["MONGO_URL", "MONGO_USERNAME", "MONGO_PASSWORD", "SMTP_HOST", "SMTP_USERNAME", "SMTP_PASSWORD", "SMTP_PORT"],
  declare: () =>
    settings("infisical", {
      mongo: mongodbUrl({ variables: { url: "MONGO_URL", username: "MONGO_USERNAME", password: "MONGO_PASSWORD" } }),
      smtp: smtp({ variables: { url: false, host: "SMTP_HOST", port: "SMTP_PORT", username: "SMTP_USERNAME", password: "SMTP_PASSWORD" } }),
    }),
};
