import { postgresUrl, settings } from "../../../lib";
import type { RealApp } from "../app";

export const typebot: RealApp = {
  repository: "baptisteArno/typebot.io",
  file: ".env.example",
  variables: ["DATABASE_URL"],
  declare: () =>
    settings("typebot", {
      databaseUrl: postgresUrl(),
    }),
};
