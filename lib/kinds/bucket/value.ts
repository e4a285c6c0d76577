import { FLAG_WORDS, readFlag } from "../../connection/flag";
import { awsAddress, bucketUrl, parseEndpoint, readEndpoint, withoutSlash, type InvalidField, type S3Address } from "../../connection/s3";
import type { VariableTexts } from "../../kind";
import { Secret } from "../../secret";

/** Fields of a provisioned bucket. Has keys only if the app has no identity of its own: on AWS it has a role instead. */
export interface BucketFields {
  readonly bucket: string;
  readonly region: string;
  readonly endpoint?: string;
  readonly accessKeyId?: string;
  readonly secretAccessKey?: string;
  /** Prefix of all object keys in a bucket shared by several environments. Ends with a slash. */
  readonly prefix?: string;
  /** Whether requests name the bucket in the path, not in the host name. By default, true with an `endpoint`. */
  readonly pathStyle?: boolean;
  /** URL of the bucket, for links. By default, composed of the fields above; set it for a CDN. */
  readonly publicUrl?: string;
}

/** The field of a bucket variable. */
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
  /** Host of the server, for clients that accept no URL: `s3.eu-west-1.amazonaws.com`. */
  readonly host: string;
  readonly port: number;
  /** Whether the server is accessed over TLS. */
  readonly tls: boolean;
  /** Whether requests name the bucket in the path, not in the host name. */
  readonly pathStyle: boolean;
  /** URL of the bucket: append a slash and an object's key. Anyone can read objects there if the setting has `publicRead`. */
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

/** Completes a value. */
export const bucketOf = (found: Found): Bucket => ({
  ...found,
  clientOptions: () => {
    const { region, endpoint, pathStyle, credentials: key } = found;
    return {
      region,
      ...(pathStyle && { forcePathStyle: true }),
      // Servers other than AWS may reject the checksums that the SDK adds to every request by default.
      ...(endpoint !== undefined && {
        endpoint,
        requestChecksumCalculation: "WHEN_REQUIRED",
        responseChecksumValidation: "WHEN_REQUIRED",
      }),
      ...(key && { credentials: { accessKeyId: key.accessKeyId, secretAccessKey: key.secretAccessKey.reveal() } }),
    };
  },
});

/** Region of a setting without a variable for it. The SDKs require one; servers other than AWS accept any. */
const DEFAULT_REGION = "us-east-1";

/** The address of a bucket's server. */
export const addressOf = ({ endpoint, region }: Pick<BucketFields, "endpoint" | "region">): S3Address =>
  (endpoint === undefined ? undefined : parseEndpoint(endpoint)) ?? awsAddress(region);

/** Servers other than AWS usually have one host name, so the bucket goes in the path. */
export const isPathStyle = ({ pathStyle, endpoint }: Pick<BucketFields, "pathStyle" | "endpoint">): boolean =>
  pathStyle ?? endpoint !== undefined;

export const publicUrlOf = (fields: Omit<BucketFields, "accessKeyId" | "secretAccessKey">): string =>
  fields.publicUrl ?? bucketUrl(addressOf(fields), fields.bucket, isPathStyle(fields));

const invalid = (field: string, sentence: string): InvalidField => ({ field, sentence });

/** Reads a bucket from the texts of its variables. */
export const readBucket = (texts: VariableTexts): Found | InvalidField => {
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
