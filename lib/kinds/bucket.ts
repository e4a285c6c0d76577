import { z } from "zod/v4";
import { defineKind, type VariableTexts } from "../kind";
import { FLAG_WORDS, readFlag } from "../connection/flag";
import { awsAddress, bucketUrl, parseEndpoint, readEndpoint, withoutSlash, type InvalidField, type S3Address } from "../connection/s3";
import { once } from "../internal/once";
import { refuse } from "../internal/refuse";
import { Secret } from "../secret";
import { builderOf, type Builder } from "../setting";
import { spelled, type Spelling } from "../text-values";
import { booleanOption } from "./boolean-option";
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

/** Fields of a provisioned bucket. Has keys only if the app has no identity of its own: on AWS it has a role instead. */
export interface BucketFields {
  readonly bucket: string;
  readonly region: string;
  readonly endpoint?: string;
  readonly accessKeyId?: string;
  readonly secretAccessKey?: string;
  /** Prefix of all object keys in a bucket shared by several environments. Ends with a slash. */
  readonly prefix?: string;
  /** Whether the bucket is part of the path of a request, and not of the host name. By default, it is with an `endpoint`. */
  readonly pathStyle?: boolean;
  /** URL of the bucket, for links. By default, made of the fields above; a CDN has another. */
  readonly publicUrl?: string;
}

/** The field of a variable of a bucket. */
export type BucketField = keyof BucketFields | "host" | "port" | "tls";

/** Options of `new S3Client(...)`. */
export interface S3ClientOptions {
  readonly region: string;
  readonly endpoint?: string;
  readonly forcePathStyle?: boolean;
  readonly requestChecksumCalculation?: "WHEN_REQUIRED";
  readonly responseChecksumValidation?: "WHEN_REQUIRED";
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** An S3 bucket and its connection settings. */
export interface Bucket {
  /** Its name on the server: the `Bucket` of every S3 command. */
  readonly name: string;
  /** `eu-west-1`; servers other than AWS have one too, because it is part of the signature. */
  readonly region: string;
  /** Set for servers other than AWS. May have a path. */
  readonly endpoint?: string;
  /** Host of the server, for clients that take no URL: `s3.eu-west-1.amazonaws.com`. */
  readonly host: string;
  readonly port: number;
  /** Whether the server is accessed over TLS. */
  readonly tls: boolean;
  /** Whether the bucket is part of the path of a request, and not of the host name. */
  readonly pathStyle: boolean;
  /** URL of the bucket: an object's key follows after a slash. Everyone can read objects there if the setting has `publicRead`. */
  readonly publicUrl: string;
  /** Set if the app has no identity of its own. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: Secret };
  /** Prefix required for all object keys in a bucket shared by several environments: `pr-42/`. Absent for a dedicated bucket. */
  readonly prefix?: string;
  /** Options for `new S3Client(...)`, with revealed keys. Do not log them. */
  readonly clientOptions: () => S3ClientOptions;
}

/** What `load()` returns, without its methods. */
type Found = Omit<Bucket, "clientOptions">;

const bucketOf = (found: Found): Bucket => ({
  ...found,
  clientOptions: () => {
    const { region, endpoint, pathStyle, credentials: key } = found;
    return {
      region,
      ...(pathStyle && { forcePathStyle: true }),
      // Servers other than AWS may refuse the checksums that the SDK adds to every request by default.
      ...(endpoint !== undefined && {
        endpoint,
        requestChecksumCalculation: "WHEN_REQUIRED",
        responseChecksumValidation: "WHEN_REQUIRED",
      }),
      ...(key && { credentials: { accessKeyId: key.accessKeyId, secretAccessKey: key.secretAccessKey.reveal() } }),
    };
  },
});

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

const addressOf = ({ endpoint, region }: Pick<BucketFields, "endpoint" | "region">): S3Address =>
  (endpoint === undefined ? undefined : parseEndpoint(endpoint)) ?? awsAddress(region);

/** Other servers usually have one host name, so that the bucket is part of the path. */
const isPathStyle = ({ pathStyle, endpoint }: Pick<BucketFields, "pathStyle" | "endpoint">): boolean => pathStyle ?? endpoint !== undefined;

const publicUrlOf = (fields: Omit<BucketFields, "accessKeyId" | "secretAccessKey">): string =>
  fields.publicUrl ?? bucketUrl(addressOf(fields), fields.bucket, isPathStyle(fields));

const invalid = (field: string, sentence: string): InvalidField => ({ field, sentence });

const readBucket = (texts: VariableTexts): Found | InvalidField => {
  const { bucket: name = "", region = DEFAULT_REGION, accessKeyId, secretAccessKey, prefix } = texts;
  const place = readEndpoint(texts, region);
  if ("sentence" in place) return place;
  const { endpoint } = place;
  const flag = texts["pathStyle"] === undefined ? isPathStyle(place) : readFlag(texts["pathStyle"]);
  const publicUrl = texts["publicUrl"] === undefined ? undefined : withoutSlash(texts["publicUrl"]);
  if (name !== "" && !/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name))
    return invalid("bucket", "must be 3 to 63 characters of a-z 0-9 . - and start and end with a letter or digit");
  if (!/^[a-z0-9-]+$/.test(region)) return invalid("region", 'must be a region such as "eu-west-1"');
  if ((accessKeyId === undefined) !== (secretAccessKey === undefined))
    return invalid(
      accessKeyId === undefined ? "accessKeyId" : "secretAccessKey",
      "must be set, because the other half of the key pair is set",
    );
  if (prefix !== undefined && !/^[\w.-]+(\/[\w.-]+)*\/$/.test(prefix))
    return invalid("prefix", "must be path segments of A-Z a-z 0-9 _ . -, each followed by a slash");
  if (flag === undefined) return invalid("pathStyle", `must be ${FLAG_WORDS}`);
  if (publicUrl !== undefined && parseEndpoint(publicUrl) === undefined)
    return invalid("publicUrl", "must be an http or https URL without user, query or fragment");
  const { host, port, tls, path } = addressOf({ region, ...place });
  return {
    name,
    region,
    ...(endpoint !== undefined && { endpoint }),
    host,
    port,
    tls,
    pathStyle: flag,
    publicUrl: publicUrl ?? bucketUrl({ host, port, tls, path }, name, flag),
    ...(accessKeyId !== undefined &&
      secretAccessKey !== undefined && { credentials: { accessKeyId, secretAccessKey: new Secret(secretAccessKey) } }),
    ...(prefix !== undefined && { prefix }),
  };
};
