import { postgresUrl, redisUrl, settings } from "../../../lib";
import type { RealApp } from "../app";

export const immich: RealApp = {
  repository: "immich-app/immich",
  file: "docker/example.env",
  heldOut: true,
  variables: [
    "DB_HOSTNAME",
    "DB_USERNAME",
    "DB_PASSWORD",
    "DB_DATABASE_NAME",
    "DB_PORT",
    "REDIS_HOSTNAME",
    "REDIS_PORT",
    "REDIS_DBINDEX",
    "REDIS_PASSWORD",
  ],
  declare: () =>
    settings("immich", {
      database: postgresUrl({
        extensions: ["vector"],
        variables: {
          url: false,
          host: "DB_HOSTNAME",
          port: "DB_PORT",
          username: "DB_USERNAME",
          password: "DB_PASSWORD",
          database: "DB_DATABASE_NAME",
        },
      }),
      redis: redisUrl({
        variables: {
          url: false,
          host: "REDIS_HOSTNAME",
          port: "REDIS_PORT",
          username: "REDIS_USERNAME",
          password: "REDIS_PASSWORD",
          database: "REDIS_DBINDEX",
        },
      }),
    }),
};
