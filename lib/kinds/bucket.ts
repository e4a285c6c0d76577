import { z } from "zod/v4";
import { defineKind, type VariableTexts } from "../kind";
import { once } from "../internal/once";
import { Secret } from "../secret";
import { builderOf, type Builder } from "../setting";
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
}

/** Schema of the options; documented in `BucketOptions`. */
const options = once(() => z.strictObject({ server: serverOption(), versioning: z.boolean().default(true) }));

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

const issue = (context: { addIssue: (issue: { code: "custom"; params: object }) => void }, field: string, sentence: string) => {
  context.addIssue({ code: "custom", params: { field, sentence } });
  return z.NEVER;
};

const bucketOf = ({
  bucket: name = "",
  region = DEFAULT_REGION,
  endpoint,
  accessKeyId,
  secretAccessKey,
  prefix,
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

/** Region of a setting whose `variables` name none. The SDKs need one, servers other than AWS accept any. */
const DEFAULT_REGION = "us-east-1";

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
    { field: "region", suffix: "REGION", secret: false, required: true },
    { field: "endpoint", suffix: "ENDPOINT", secret: false, required: false },
    { field: "accessKeyId", suffix: "ACCESS_KEY_ID", secret: false, required: false },
    { field: "secretAccessKey", suffix: "SECRET_ACCESS_KEY", secret: true, required: false },
    { field: "prefix", suffix: "PREFIX", secret: false, required: false },
  ],
  sharedFields: () => ["region", "endpoint"],
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
  encode: {
    bucket: ({ bucket }: BucketFields) => bucket,
    region: ({ region }: BucketFields) => region,
    endpoint: ({ endpoint }: BucketFields) => endpoint,
    accessKeyId: ({ accessKeyId }: BucketFields) => accessKeyId,
    secretAccessKey: ({ secretAccessKey }: BucketFields) => secretAccessKey,
    prefix: ({ prefix }: BucketFields) => prefix,
  },
  decode: ({ name, region, endpoint, credentials, prefix }: Bucket): BucketFields => ({
    bucket: name,
    region,
    ...(endpoint !== undefined && { endpoint }),
    ...(credentials && { accessKeyId: credentials.accessKeyId, secretAccessKey: credentials.secretAccessKey.reveal() }),
    ...(prefix !== undefined && { prefix }),
  }),
  schema: () =>
    z.custom<VariableTexts>().transform((texts, context): Bucket => {
      const { bucket: name, region, endpoint, accessKeyId, secretAccessKey, prefix } = texts;
      if (name !== undefined && !/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name))
        return issue(context, "bucket", "must be 3 to 63 characters of a-z 0-9 . - and start and end with a letter or digit");
      if (region !== undefined && !/^[a-z0-9-]+$/.test(region)) return issue(context, "region", 'must be a region such as "eu-west-1"');
      if (endpoint !== undefined && !isHttpUrl(endpoint))
        return issue(context, "endpoint", "must be an http or https URL without user, path, query or fragment");
      if ((accessKeyId === undefined) !== (secretAccessKey === undefined))
        return issue(
          context,
          accessKeyId === undefined ? "accessKeyId" : "secretAccessKey",
          "must be set, because the other half of the key pair is set",
        );
      if (prefix !== undefined && !/^[\w.-]+(\/[\w.-]+)*\/$/.test(prefix))
        return issue(context, "prefix", "must be path segments of A-Z a-z 0-9 _ . -, each followed by a slash");
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
export const bucket: Builder<BucketOptions, Bucket, "bucket", keyof BucketFields> = builderOf(bucketKind);

const isHttpUrl = (text: string): boolean => {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, pathname, search, hash } = new URL(text);
  return /^https?:$/.test(protocol) && username === "" && password === "" && pathname === "/" && search === "" && hash === "";
};
