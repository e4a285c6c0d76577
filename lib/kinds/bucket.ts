import { z } from "zod/v4";
import { defineKind, type VariableTexts } from "../kind";
import { once } from "../internal/once";
import { refuse } from "../internal/refuse";
import { builderOf, type Builder } from "../setting";
import { spelled, type Spelling } from "../text-values";
import { booleanOption } from "./boolean-option";
import {
  addressOf,
  bucketOf,
  isPathStyle,
  publicUrlOf,
  readBucket,
  type Bucket,
  type BucketField,
  type BucketFields,
} from "./bucket/value";
import { corsOption, type CorsOptions } from "./bucket-cors";
import { type ServerOption, serverOption } from "./server-option";

/** Options of a bucket. */
export interface BucketOptions {
  /**
   * The server of the bucket, if the target needs one. Settings with the same server share it.
   * @default "bucket"
   */
  readonly server?: ServerOption;
  /**
   * Whether to keep overwritten and deleted objects as older versions.
   * @default true
   */
  readonly versioning?: boolean;
  /**
   * Websites that may use the bucket from a browser: `[{ allowedOrigins: ["https://shop.example"] }]`.
   * @default [] - none
   */
  readonly cors?: readonly CorsOptions[];
  /**
   * Whether anyone with an object's URL can read it without a key.
   * @default false
   */
  readonly publicRead?: boolean;
  /**
   * Whether the setting has its own key, or shares one with all other `"shared"` settings on its server, for an app that uses several buckets with
   * one key.
   * @default "own"
   */
  readonly key?: "own" | "shared";
  /**
   * How true is written in the variables `tls` and `pathStyle`, and false accordingly, for an app that knows one spelling: `"True"`, `"1"`.
   * @default "true"
   */
  readonly boolean?: Spelling;
}

/** Schema of the options; documented in `BucketOptions`. */
const options = once(() =>
  z.strictObject({
    server: serverOption(),
    versioning: z.boolean().default(true),
    cors: corsOption(),
    publicRead: z.boolean().default(false),
    key: z.enum(["own", "shared"]).default("own"),
    boolean: booleanOption(),
  }),
);

type Options = z.output<ReturnType<typeof options>>;

const START = `umask 077
mkdir -p /data/accounts /data/buckets /data/metadata /data/versions
exec versitygw --port=:7070 --iam-dir=/data/accounts --iam-cache-disable --keep-alive --quiet posix \\
  --sidecar=/data/metadata --versioning-dir=/data/versions /data/buckets`;

/** Lists the buckets, which requires the administrator's signature. */
const PROBE = `export ADMIN_ACCESS_KEY_ID="$ROOT_ACCESS_KEY_ID" ADMIN_SECRET_ACCESS_KEY="$ROOT_SECRET_ACCESS_KEY"
exec versitygw admin --endpoint-url http://127.0.0.1:7070 list-buckets`;

/** Names follow https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html. */
export const bucketKind = defineKind({
  name: "bucket",
  secret: true,
  options,
  variables: [
    { field: "bucket", suffix: "BUCKET", secret: false, required: true },
    { field: "region", suffix: "REGION", secret: false, required: true, ambient: ["AWS_REGION", "AWS_DEFAULT_REGION"] },
    { field: "endpoint", suffix: "ENDPOINT", secret: false, required: false, ambient: ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"] },
    { field: "accessKeyId", suffix: "ACCESS_KEY_ID", secret: false, required: false, ambient: ["AWS_ACCESS_KEY_ID"] },
    { field: "secretAccessKey", suffix: "SECRET_ACCESS_KEY", secret: true, required: false, ambient: ["AWS_SECRET_ACCESS_KEY"] },
    { field: "prefix", suffix: "PREFIX", secret: false, required: false },
    { field: "host", secret: false, required: false },
    { field: "port", secret: false, required: false },
    { field: "tls", secret: false, required: false },
    { field: "pathStyle", secret: false, required: false },
    { field: "publicUrl", secret: false, required: false },
  ],
  sharedFields: ({ key }: Options) => [
    "region",
    "endpoint",
    "host",
    "port",
    "tls",
    "pathStyle",
    ...(key === "shared" ? ["accessKeyId", "secretAccessKey"] : []),
  ],
  fields: {
    bucket: "public",
    region: "public",
    endpoint: "public",
    accessKeyId: "public",
    secretAccessKey: "secret",
    prefix: "public",
    pathStyle: "public",
    publicUrl: "public",
  },
  optionalFields: { endpoint: true, accessKeyId: true, secretAccessKey: true, prefix: "shared", pathStyle: true, publicUrl: true },
  exampleFields: {
    bucket: "example-bucket",
    region: "us-east-1",
    endpoint: "http://localhost:7070",
    accessKeyId: "example",
    secretAccessKey: "example",
    prefix: "example/",
    pathStyle: true,
    publicUrl: "http://localhost:7070/example-bucket",
  },
  encode: {
    bucket: ({ bucket }: BucketFields) => bucket,
    region: ({ region }: BucketFields) => region,
    endpoint: ({ endpoint }: BucketFields) => endpoint,
    accessKeyId: ({ accessKeyId }: BucketFields) => accessKeyId,
    secretAccessKey: ({ secretAccessKey }: BucketFields) => secretAccessKey,
    prefix: ({ prefix }: BucketFields) => prefix,
    host: (fields: BucketFields) => addressOf(fields).host,
    port: (fields: BucketFields) => String(addressOf(fields).port),
    tls: (fields: BucketFields, { boolean }: Options) => spelled(addressOf(fields).tls, boolean),
    pathStyle: (fields: BucketFields, { boolean }: Options) => spelled(isPathStyle(fields), boolean),
    publicUrl: (fields: BucketFields) => publicUrlOf(fields),
  },
  decode: ({ name, region, endpoint, credentials, prefix, pathStyle, publicUrl }: Bucket): BucketFields => ({
    bucket: name,
    region,
    ...(endpoint !== undefined && { endpoint }),
    ...(credentials && { accessKeyId: credentials.accessKeyId, secretAccessKey: credentials.secretAccessKey.reveal() }),
    ...(prefix !== undefined && { prefix }),
    pathStyle,
    publicUrl,
  }),
  schema: () =>
    z.custom<VariableTexts>().transform((texts, context): Bucket => {
      const read = readBucket(texts);
      if ("name" in read) return bucketOf(read);
      return refuse(context, read);
    }),
  server: ({ server }: Options) => ({ ...server }),
  /** The Versity S3 Gateway, as in local development: accounts in files, versioning, and bucket policies. */
  container: {
    images: { "1.7": "docker.io/versity/versitygw:v1.7.0" },
    version: "1.7",
    port: 7070,
    user: 1000,
    command: ["sh", "-euc", START],
    environment: {},
    administrator: { username: "ROOT_ACCESS_KEY_ID", password: "ROOT_SECRET_ACCESS_KEY" },
    volume: "/data",
    probe: ["sh", "-euc", PROBE],
  },
});

/** An S3 bucket: `config.uploads.name`, and `new S3Client(config.uploads.clientOptions())`. */
export const bucket: Builder<BucketOptions, Bucket, "bucket", BucketField> = builderOf(bucketKind);
