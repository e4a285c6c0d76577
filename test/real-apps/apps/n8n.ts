import { postgresUrl, settings } from "../../../lib";
import type { RealApp } from "../app";

export const n8n: RealApp = {
  repository: "n8n-io/n8n",
  file: "docker/compose/withPostgres/.env",
  variables: ["POSTGRES_USER", "POSTGRES_PASSWORD", "POSTGRES_DB", "POSTGRES_NON_ROOT_USER", "POSTGRES_NON_ROOT_PASSWORD"],
  declare: () =>
    settings("n8n", {
      postgres: postgresUrl({
        variables: {
          url: false,
          host: "DB_POSTGRESDB_HOST",
          port: "DB_POSTGRESDB_PORT",
          username: ["POSTGRES_USER", "POSTGRES_NON_ROOT_USER"],
          password: ["POSTGRES_PASSWORD", "POSTGRES_NON_ROOT_PASSWORD"],
          database: "POSTGRES_DB",
        },
      }),
    }),
};
