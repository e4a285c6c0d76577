import { bucket, postgresUrl, secret, setting, settings } from "endow";
import { z } from "zod";

/** The variables that settings.py reads, under their existing names. */
export const album = settings("album", {
  secretKey: secret({ env: "DJANGO_SECRET_KEY", generate: true }),
  debug: setting(z.enum(["True", "False"]).default("False"), { env: "DJANGO_DEBUG" }),
  allowedHosts: setting(z.string().default("localhost,127.0.0.1"), { env: "DJANGO_ALLOWED_HOSTS" }),
  database: postgresUrl({
    variables: { url: false, host: "DB_HOST", port: "DB_PORT", username: "DB_USER", password: "DB_PASSWORD", database: "DB_NAME" },
  }),
  photos: bucket({
    variables: {
      bucket: "S3_BUCKET_NAME",
      region: "S3_REGION_NAME",
      endpoint: "S3_ENDPOINT_URL",
      accessKeyId: "S3_ACCESS_KEY",
      secretAccessKey: "S3_SECRET_KEY",
    },
  }),
});
