import { randomUUID } from "node:crypto";
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import type { Bucket } from "endow";

const FIVE_MINUTES = { expiresIn: 300 };

/** Uploads from the browser straight into the bucket. */
export const openUploads = (bucket: Bucket) => {
  // Otherwise the URL would be signed for the checksum of an empty body.
  const client = new S3Client({ ...bucket.clientOptions(), requestChecksumCalculation: "WHEN_REQUIRED" });

  return {
    /** Signs a PUT URL that uploads a new object, and a GET URL that downloads it. */
    sign: async () => {
      const object = { Bucket: bucket.name, Key: randomUUID() };
      return {
        key: object.Key,
        put: await getSignedUrl(client, new PutObjectCommand(object), FIVE_MINUTES),
        get: await getSignedUrl(client, new GetObjectCommand(object), FIVE_MINUTES),
      };
    },

    close: () => client.destroy(),
  };
};
