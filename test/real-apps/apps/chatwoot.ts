import { bucket, settings, smtp } from "../../../lib";
import type { RealApp } from "../app";

export const chatwoot: RealApp = {
  repository: "chatwoot/chatwoot",
  file: ".env.example",
  heldOut: true,
  variables: ["SES_ADDRESS", "SES_USERNAME", "SES_PASSWORD", "S3_BUCKET_NAME", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION"],
  declare: () =>
    settings("chatwoot", {
      ses: smtp({ variables: { url: false, host: "SES_ADDRESS", username: "SES_USERNAME", password: "SES_PASSWORD" } }),
      files: bucket({ env: "AWS", variables: { bucket: "S3_BUCKET_NAME" } }),
    }),
};
