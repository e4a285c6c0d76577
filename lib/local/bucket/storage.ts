import { AwsClient } from "aws4fetch";
import { fault } from "../../errors";
import type { ReachableServer } from "../recipe";
import { ADMINISTRATOR } from "./accounts";

export const REGION = "us-east-1";

export const endpoint = ({ port }: Pick<ReachableServer, "port">): string => `http://127.0.0.1:${port}`;

const TEN_SECONDS = 10_000;

/** The administrator's S3 operations on the server. All are idempotent. */
export interface Storage {
  readonly listBuckets: () => Promise<void>;
  readonly createBucket: (bucket: string) => Promise<void>;
  readonly putPolicy: (bucket: string, policy: object) => Promise<void>;
  readonly setVersioning: (bucket: string, enabled: boolean) => Promise<void>;
}

/** @throws EndowError `SERVER_UNREACHABLE`, or `REQUEST_REFUSED` with the server's error code. */
export const storageOf = async (server: ReachableServer): Promise<Storage> => {
  const secretAccessKey = await server.credentials.get(ADMINISTRATOR);
  const client = new AwsClient({ accessKeyId: ADMINISTRATOR, secretAccessKey, service: "s3", region: REGION, retries: 0 });

  const request = async (method: string, path: string, { body, allowed = [] }: { body?: string; allowed?: number[] } = {}) => {
    const signal = AbortSignal.any([server.signal, AbortSignal.timeout(TEN_SECONDS)]);
    const response = await client
      .fetch(`${endpoint(server)}/${path}`, { method, signal, ...(body !== undefined && { body }) })
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
    setVersioning: async (bucket, enabled) => {
      const { text } = await request("GET", `${bucket}?versioning`);
      const isEnabled = text.includes("<Status>Enabled</Status>");
      if (isEnabled === enabled) return;
      const status = enabled ? "Enabled" : "Suspended";
      const namespace = "http://s3.amazonaws.com/doc/2006-03-01/";
      const body = `<VersioningConfiguration xmlns="${namespace}"><Status>${status}</Status></VersioningConfiguration>`;
      await request("PUT", `${bucket}?versioning`, { body });
    },
  };
};
