import { postgresUrl, settings } from "../../../lib";
import type { RealApp } from "../app";

export const papermark: RealApp = {
  repository: "mfts/papermark",
  file: ".env.example",
  heldOut: true,
  variables: ["POSTGRES_PRISMA_URL", "POSTGRES_PRISMA_URL_NON_POOLING"],
  declare: () =>
    settings("papermark", {
      database: postgresUrl({ variables: { url: ["POSTGRES_PRISMA_URL", "POSTGRES_PRISMA_URL_NON_POOLING"] } }),
    }),
};
