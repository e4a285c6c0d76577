import { mongodbUrl, settings } from "../../../lib";
import type { RealApp } from "../app";

export const payload: RealApp = {
  repository: "payloadcms/payload",
  file: "templates/website/.env.example",
  variables: ["DATABASE_URI"],
  declare: () =>
    settings("payload", {
      databaseUri: mongodbUrl(),
    }),
};
