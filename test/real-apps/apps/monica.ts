import { bucket, mysqlUrl, settings, smtp } from "../../../lib";
import type { RealApp } from "../app";

export const monica: RealApp = {
  repository: "monicahq/monica",
  file: ".env.example",
  heldOut: true,
  variables: [
    "DB_HOST",
    "DB_PORT",
    "DB_DATABASE",
    "DB_USERNAME",
    "DB_PASSWORD",
    "DB_TEST_HOST",
    "DB_TEST_DATABASE",
    "DB_TEST_USERNAME",
    "DB_TEST_PASSWORD",
    "MAIL_HOST",
    "MAIL_PORT",
    "MAIL_USERNAME",
    "MAIL_PASSWORD",
    "AWS_KEY",
    "AWS_SECRET",
    "AWS_REGION",
    "AWS_BUCKET",
    "AWS_SERVER",
  ],
  declare: () =>
    settings("monica", {
      database: mysqlUrl({
        variables: {
          url: false,
          host: "DB_HOST",
          port: "DB_PORT",
          username: "DB_USERNAME",
          password: "DB_PASSWORD",
          database: "DB_DATABASE",
        },
      }),
      testDatabase: mysqlUrl({
        variables: {
          url: false,
          host: "DB_TEST_HOST",
          username: "DB_TEST_USERNAME",
          password: "DB_TEST_PASSWORD",
          database: "DB_TEST_DATABASE",
        },
      }),
      mail: smtp({ variables: { url: false, host: "MAIL_HOST", port: "MAIL_PORT", username: "MAIL_USERNAME", password: "MAIL_PASSWORD" } }),
      aws: bucket({ variables: { endpoint: "AWS_SERVER", accessKeyId: "AWS_KEY", secretAccessKey: "AWS_SECRET" } }),
    }),
};
