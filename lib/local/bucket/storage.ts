import { createHash } from "node:crypto";
import { AwsClient } from "aws4fetch";
import { fault } from "../../errors";
import type { CorsRule } from "../../kinds/bucket-cors";
import type { ReachableServer } from "../recipe";
import { ADMINISTRATOR } from "./accounts";

export const REGION = "us-east-1";

export const endpoint = ({ port }: Pick<ReachableServer, "port">): string => `http://127.0.0.1:${port}`;

const NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";

const TEN_SECONDS = 10_000;

/** The administrator's S3 operations on the server. All are idempotent. */
export interface Storage {
  readonly listBuckets: () => Promise<void>;
  readonly createBucket: (bucket: string) => Promise<void>;
  readonly putPolicy: (bucket: string, policy: object) => Promise<void>;
  readonly deletePolicy: (bucket: string) => Promise<void>;
  readonly setVersioning: (bucket: string, enabled: boolean) => Promise<void>;
  /** Replaces the rules. Without rules, the server sends no CORS headers. */
  readonly setCors: (bucket: string, rules: readonly CorsRule[]) => Promise<void>;
}

/** @throws EndowError `SERVER_UNREACHABLE`, or `REQUEST_REFUSED` with the server's error code. */
export const storageOf = async (server: ReachableServer): Promise<Storage> => {
  const secretAccessKey = await server.credentials.get(ADMINISTRATOR);
  const client = new AwsClient({ accessKeyId: ADMINISTRATOR, secretAccessKey, service: "s3", region: REGION, retries: 0 });

  const request = async (method: string, path: string, { body, allowed = [] }: { body?: string; allowed?: number[] } = {}) => {
    const signal = AbortSignal.any([server.signal, AbortSignal.timeout(TEN_SECONDS)]);
    const response = await client
      .fetch(`${endpoint(server)}/${path}`, { method, signal, ...(body !== undefined && { body, headers: { "Content-MD5": md5(body) } }) })
      .catch(unreachable);
    const text = await response.text();
    if (!response.ok && !allowed.includes(response.status)) throw refused(method, path, response.status, text);
    return { status: response.status, text };
  };

  const unreachable = (error: unknown): never => {
    server.signal.throwIfAborted();
    const why = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    throw fault("SERVER_UNREACHABLE", `${server.name} does not answer on ${endpoint(server)}: ${why}`, "check the last lines of its log");
  };

  const refused = (method: string, path: string, status: number, text: string) => {
    const code = /<Code>(\w+)<\/Code>/.exec(text)?.[1] ?? `status ${status}`;
    return fault("REQUEST_REFUSED", `${server.name} refused ${method} /${path}: ${code}`, "check the last lines of its log");
  };

  return {
    listBuckets: async () => {
      await request("GET", "");
    },
    createBucket: async (bucket) => {
      const { status } = await request("HEAD", bucket, { allowed: [404] });
      if (status === 404) await request("PUT", bucket);
    },
    putPolicy: async (bucket, policy) => {
      await request("PUT", `${bucket}?policy`, { body: JSON.stringify(policy) });
    },
    deletePolicy: async (bucket) => {
      await request("DELETE", `${bucket}?policy`, { allowed: [404] });
    },
    setCors: async (bucket, rules) => {
      if (rules.length === 0) await request("DELETE", `${bucket}?cors`, { allowed: [404] });
      else await request("PUT", `${bucket}?cors`, { body: corsConfiguration(rules) });
    },
    setVersioning: async (bucket, enabled) => {
      const { text } = await request("GET", `${bucket}?versioning`);
      const isEnabled = text.includes("<Status>Enabled</Status>");
      if (isEnabled === enabled) return;
      const status = enabled ? "Enabled" : "Suspended";
      const body = `<VersioningConfiguration xmlns="${NAMESPACE}"><Status>${status}</Status></VersioningConfiguration>`;
      await request("PUT", `${bucket}?versioning`, { body });
    },
  };
};

/** S3 requires it for such requests. */
const md5 = (text: string): string => createHash("md5").update(text).digest("base64");

/** The options' schema allows nothing that needs escaping. */
const corsConfiguration = (rules: readonly CorsRule[]): string => {
  const rule = ({ allowedOrigins, allowedMethods, allowedHeaders, exposeHeaders, maxAgeSeconds }: CorsRule) =>
    [
      elements("AllowedOrigin", allowedOrigins),
      elements("AllowedMethod", allowedMethods),
      elements("AllowedHeader", allowedHeaders),
      elements("ExposeHeader", exposeHeaders),
      elements("MaxAgeSeconds", [String(maxAgeSeconds)]),
    ].join("");
  return `<CORSConfiguration xmlns="${NAMESPACE}">${elements("CORSRule", rules.map(rule))}</CORSConfiguration>`;
};

const elements = (name: string, contents: readonly string[]): string => contents.map((content) => `<${name}>${content}</${name}>`).join("");
