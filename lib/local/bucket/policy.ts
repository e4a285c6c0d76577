const ACTIONS = [
  "s3:ListBucket",
  "s3:ListBucketVersions",
  "s3:ListBucketMultipartUploads",
  "s3:GetBucketLocation",
  "s3:GetObject",
  "s3:GetObjectVersion",
  "s3:GetObjectAttributes",
  "s3:GetObjectVersionAttributes",
  "s3:GetObjectTagging",
  "s3:PutObject",
  "s3:PutObjectTagging",
  "s3:DeleteObject",
  "s3:DeleteObjectVersion",
  "s3:DeleteObjectTagging",
  "s3:AbortMultipartUpload",
  "s3:ListMultipartUploadParts",
];

/**
 * Allows everything an app does with objects and nothing that changes the bucket: as in the cloud, the app can neither delete it nor share it.
 * One statement for both resources: versitygw requires `s3:DeleteObject` on the bucket itself for a multi-object delete.
 *
 * @param publicRead whether anyone may read objects, but not list them
 */
export const policyFor = (bucket: string, accessKeyId: string, publicRead: boolean) => ({
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Principal: { AWS: [accessKeyId] },
      Action: ACTIONS,
      Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
    },
    ...(publicRead ? [{ Effect: "Allow", Principal: "*", Action: ["s3:GetObject"], Resource: [`arn:aws:s3:::${bucket}/*`] }] : []),
  ],
});
