import { z } from "zod";
import { bucket, postgresUrl, redisUrl, secret, settings, smtp } from "../../../lib";
import type { RealApp } from "../app";

const archive = {
  endpoint: "ARCHIVE_STORAGE_ENDPOINT",
  region: "ARCHIVE_STORAGE_REGION",
  accessKeyId: "ARCHIVE_STORAGE_ACCESS_KEY",
  secretAccessKey: "ARCHIVE_STORAGE_SECRET_KEY",
} as const;

export const dify: RealApp = {
  repository: "langgenius/dify",
  file: "api/.env.example",
  heldOut: true,
  variables: [
    "REDIS_HOST",
    "REDIS_PORT",
    "REDIS_USERNAME",
    "REDIS_PASSWORD",
    "REDIS_DB",
    "CELERY_BROKER_URL",
    "DB_USERNAME",
    "DB_PASSWORD",
    "DB_HOST",
    "DB_PORT",
    "DB_DATABASE",
    "S3_ENDPOINT",
    "S3_BUCKET_NAME",
    "S3_ACCESS_KEY",
    "S3_SECRET_KEY",
    "S3_REGION",
    "ARCHIVE_STORAGE_ENDPOINT",
    "ARCHIVE_STORAGE_ARCHIVE_BUCKET",
    "ARCHIVE_STORAGE_EXPORT_BUCKET",
    "ARCHIVE_STORAGE_ACCESS_KEY",
    "ARCHIVE_STORAGE_SECRET_KEY",
    "ARCHIVE_STORAGE_REGION",
    "WEAVIATE_ENDPOINT",
    "WEAVIATE_API_KEY",
    "PGVECTOR_HOST",
    "PGVECTOR_PORT",
    "PGVECTOR_USER",
    "PGVECTOR_PASSWORD",
    "PGVECTOR_DATABASE",
    "SMTP_SERVER",
    "SMTP_PORT",
    "SMTP_USERNAME",
    "SMTP_PASSWORD",
  ],
  declare: () =>
    settings("dify", {
      redis: redisUrl({
        variables: {
          url: false,
          host: "REDIS_HOST",
          port: "REDIS_PORT",
          username: "REDIS_USERNAME",
          password: "REDIS_PASSWORD",
          database: "REDIS_DB",
        },
        derive: { CELERY_BROKER_URL: "redis://{username}:{password}@{host}:{port}/1" },
      }),
      database: postgresUrl({
        variables: {
          url: false,
          host: "DB_HOST",
          port: "DB_PORT",
          username: "DB_USERNAME",
          password: "DB_PASSWORD",
          database: "DB_DATABASE",
        },
      }),
      s3: bucket({ variables: { bucket: "S3_BUCKET_NAME", accessKeyId: "S3_ACCESS_KEY", secretAccessKey: "S3_SECRET_KEY" } }),
      archive: bucket({ key: "shared", variables: { ...archive, bucket: "ARCHIVE_STORAGE_ARCHIVE_BUCKET" } }),
      exports: bucket({ key: "shared", variables: { ...archive, bucket: "ARCHIVE_STORAGE_EXPORT_BUCKET" } }),
      weaviateEndpoint: z.url(),
      weaviateApiKey: secret(),
      pgvector: postgresUrl({
        extensions: ["vector"],
        variables: {
          url: false,
          host: "PGVECTOR_HOST",
          port: "PGVECTOR_PORT",
          username: "PGVECTOR_USER",
          password: "PGVECTOR_PASSWORD",
          database: "PGVECTOR_DATABASE",
        },
      }),
      smtp: smtp({
        variables: { url: false, host: "SMTP_SERVER", port: "SMTP_PORT", username: "SMTP_USERNAME", password: "SMTP_PASSWORD" },
      }),
    }),
  supplied: { WEAVIATE_ENDPOINT: "http://localhost:8080" },
};
