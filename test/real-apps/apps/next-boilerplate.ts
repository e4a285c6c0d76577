import { postgresUrl, settings } from "../../../lib";
import type { RealApp } from "../app";

export const nextBoilerplate: RealApp = {
  repository: "ixartz/Next-js-Boilerplate",
  file: ".env",
  variables: ["DATABASE_URL"],
  declare: () =>
    settings("nextBoilerplate", {
      databaseUrl: postgresUrl(),
    }),
};
