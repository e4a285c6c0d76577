import { z } from "zod/v4";
import { defineKind, type VariableTexts } from "../kind";
import { once } from "../internal/once";
import { Secret } from "../secret";
import { builderOf, type Builder } from "../setting";
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
   * Which websites may use the bucket from a browser: `[{ allowedOrigins: ["https://shop.example"] }]`.
   * @default [] - none
   */
  readonly cors?: readonly CorsOptions[];
  /**
   * Whether everyone can read the bucket's objects, without a key, if they know an object's URL.
   * @default false
   */
  readonly publicRead?: boolean;
  /**
   * Whether the setting has a key of its own, or one in common with all settings on its server that have a `"shared"` one, for an app that uses several
   * buckets with one key.
   * @default "own"
   */
  readonly key?: "own" | "shared";
}

/** Schema of the options; documented in `BucketOptions`. */
const options = once(() =>
  z.strictObject({
    server: serverOption(),
    versioning: z.boolean().default(true),
    cors: corsOption(),
    publicRead: z.boolean().default(false),
    key: z.enum(["own", "shared"]).default("own"),
  }),
);

type Options = z.output<ReturnType<typeof options>>;

/** Fields of a provisioned bucket. Has keys only if the app has no identity of its own: on AWS it has a role instead. */
export interface BucketFields {
  readonly bucket: string;
  readonly region: string;
  readonly endpoint?: string;
  readonly accessKeyId?: string;
  readonly secretAccessKey?: string;
  /** Prefix of all object keys in a bucket shared by several environments. Ends with a slash. */
  readonly prefix?: string;
}

/** Options of `new S3Client(...)`. */
export interface S3ClientOptions {
  readonly region: string;
  readonly endpoint?: string;
  readonly forcePathStyle?: boolean;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** An S3 bucket and its connection settings. */
export interface Bucket {
  /** Its name on the server: the `Bucket` of every S3 command. */
  readonly name: string;
  /** `eu-west-1`; servers other than AWS have one too, because it is part of the signature. */
  readonly region: string;
  /** Set for servers other than AWS. */
  readonly endpoint?: string;
  /** Set if the app has no identity of its own. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: Secret };
  /** Prefix required for all object keys in a bucket shared by several environments: `pr-42/`. Absent for a dedicated bucket. */
  readonly prefix?: string;
  /** Options for `new S3Client(...)`, with revealed keys. Do not log them. */
  readonly clientOptions: () => S3ClientOptions;
}

const issue = (context: { addIssue: (issue: { code: "custom"; params: object }) => void }, suffix: string, sentence: string) => {
  context.addIssue({ code: "custom", params: { suffix, sentence } });
  return z.NEVER;
};

const bucketOf = ({
  BUCKET: name = "",
  REGION: region = "",
  ENDPOINT: endpoint,
  ACCESS_KEY_ID: accessKeyId,
  SECRET_ACCESS_KEY: secretAccessKey,
  PREFIX: prefix,
}: VariableTexts): Bucket => {
  const key =
    accessKeyId !== undefined && secretAccessKey !== undefined ? { accessKeyId, secretAccessKey: new Secret(secretAccessKey) } : undefined;
  return {
    name,
    region,
    ...(endpoint !== undefined && { endpoint }),
    ...(key && { credentials: key }),
    ...(prefix !== undefined && { prefix }),
    clientOptions: () => ({
      region,
      // Other servers have one host name, so the bucket is part of the path.
      ...(endpoint !== undefined && { endpoint, forcePathStyle: true }),
      ...(key && { credentials: { accessKeyId: key.accessKeyId, secretAccessKey: key.secretAccessKey.reveal() } }),
    }),
  };
};

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
  variables: () => [
    { suffix: "BUCKET", secret: false, required: true, field: "bucket" },
    { suffix: "REGION", secret: false, required: true, field: "region" },
    { suffix: "ENDPOINT", secret: false, required: false, field: "endpoint" },
    { suffix: "ACCESS_KEY_ID", secret: false, required: false, field: "accessKeyId" },
    { suffix: "SECRET_ACCESS_KEY", secret: true, required: false, field: "secretAccessKey" },
    { suffix: "PREFIX", secret: false, required: false, field: "prefix" },
  ],
  fields: {
    bucket: "public",
    region: "public",
    endpoint: "public",
    accessKeyId: "public",
    secretAccessKey: "secret",
    prefix: "public",
  },
  optionalFields: { endpoint: true, accessKeyId: true, secretAccessKey: true, prefix: "shared" },
  exampleFields: {
    bucket: "example-bucket",
    region: "us-east-1",
    endpoint: "http://localhost:7070",
    accessKeyId: "example",
    secretAccessKey: "example",
    prefix: "example/",
  },
  encode: ({ bucket, region, endpoint, accessKeyId, secretAccessKey, prefix }: BucketFields) => ({
    BUCKET: bucket,
    REGION: region,
    ...(endpoint !== undefined && { ENDPOINT: endpoint }),
    ...(accessKeyId !== undefined && { ACCESS_KEY_ID: accessKeyId }),
    ...(secretAccessKey !== undefined && { SECRET_ACCESS_KEY: secretAccessKey }),
    ...(prefix !== undefined && { PREFIX: prefix }),
  }),
  schema: () =>
    z.custom<VariableTexts>().transform((texts, context): Bucket => {
      const { BUCKET = "", REGION = "", ENDPOINT, ACCESS_KEY_ID, SECRET_ACCESS_KEY, PREFIX } = texts;
      if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(BUCKET))
        return issue(context, "BUCKET", "must be 3 to 63 characters of a-z 0-9 . - and start and end with a letter or digit");
      if (!/^[a-z0-9-]+$/.test(REGION)) return issue(context, "REGION", 'must be a region such as "eu-west-1"');
      if (ENDPOINT !== undefined && !isHttpUrl(ENDPOINT))
        return issue(context, "ENDPOINT", "must be an http or https URL without user, path, query or fragment");
      if ((ACCESS_KEY_ID === undefined) !== (SECRET_ACCESS_KEY === undefined))
        return issue(
          context,
          ACCESS_KEY_ID === undefined ? "ACCESS_KEY_ID" : "SECRET_ACCESS_KEY",
          "must be set, because the other half of the key pair is set",
        );
      if (PREFIX !== undefined && !/^[\w.-]+(\/[\w.-]+)*\/$/.test(PREFIX))
        return issue(context, "PREFIX", "must be path segments of A-Z a-z 0-9 _ . -, each followed by a slash");
      return bucketOf(texts);
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
export const bucket: Builder<BucketOptions, Bucket, "bucket"> = builderOf(bucketKind);

const isHttpUrl = (text: string): boolean => {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, pathname, search, hash } = new URL(text);
  return /^https?:$/.test(protocol) && username === "" && password === "" && pathname === "/" && search === "" && hash === "";
};
