import { postgresUrl, settings } from "../../../lib";
import type { RealApp } from "../app";

export const rallly: RealApp = {
  repository: "lukevella/rallly",
  file: ".env.development",
  variables: ["DATABASE_URL"],
  declare: () =>
    settings("rallly", {
      databaseUrl: postgresUrl(),
    }),
};
