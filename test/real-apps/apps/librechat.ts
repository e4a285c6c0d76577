import { z } from "zod";
import { mongodbUrl, redisUrl, secret, settings, smtp } from "../../../lib";
import type { RealApp } from "../app";

export const librechat: RealApp = {
  repository: "danny-avila/LibreChat",
  file: ".env.example",
  heldOut: true,
  variables: ["MONGO_URI", "MEILI_HOST", "MEILI_MASTER_KEY", "EMAIL_HOST", "EMAIL_PORT", "EMAIL_USERNAME", "EMAIL_PASSWORD", "REDIS_URI"],
  declare: () =>
    settings("librechat", {
      mongoUri: mongodbUrl(),
      meiliHost: z.url(),
      meiliMasterKey: secret(),
      email: smtp({
        variables: { url: false, host: "EMAIL_HOST", port: "EMAIL_PORT", username: "EMAIL_USERNAME", password: "EMAIL_PASSWORD" },
      }),
      redisUri: redisUrl(),
    }),
  supplied: { MEILI_HOST: "http://localhost:7700" },
};
