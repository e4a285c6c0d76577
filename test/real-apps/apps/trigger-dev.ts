import { postgresUrl, settings } from "../../../lib";
import type { RealApp } from "../app";

export const triggerDev: RealApp = {
  repository: "triggerdotdev/trigger.dev",
  file: ".env.example",
  variables: ["DATABASE_URL"],
  declare: () =>
    settings("triggerDev", {
      databaseUrl: postgresUrl(),
    }),
};
