import { rm } from "node:fs/promises";
import path from "node:path";
import type { bucketKind } from "../kinds/bucket";
import type { BucketFields } from "../kinds/bucket/value";
import type { OptionsOf } from "../kind";
import { hash } from "../names";
import type { Service } from "../supervisor/service";
import { ADMINISTRATOR, accountsFile, accountsFolder, setAccount } from "./bucket/accounts";
import { policyFor } from "./bucket/policy";
import { findProgram } from "./bucket/programs";
import { REGION, endpoint, storageOf } from "./bucket/storage";
import { makeOwnFolder } from "../files/make-folders";
import type { LocalServer, Recipe } from "./recipe";

/** The key of all settings on a server with `key: "shared"`. */
const SHARED_KEY = "endow-shared";

export type BucketLeaseOptions = OptionsOf<typeof bucketKind>;

/** Without `prefix`: environments never share a local bucket. */
export type LocalBucketFields = Omit<Required<BucketFields>, "prefix">;

/**
 * S3 on this machine, served by versitygw: one server with one bucket and one key per setting. A key can access only the objects in its own
 * bucket. Objects are plain files under `buckets`.
 */
export const bucket: Recipe<BucketLeaseOptions, LocalBucketFields> = {
  program: findProgram,
  temporaryFiles: [accountsFile({ folder: "" })],

  prepare: async (server) => {
    for (const folder of [accountsFolder(server), ...Object.values(dataFolders(server))]) await makeOwnFolder(folder);
    await setAccount(server, ADMINISTRATOR, { secret: await server.credentials.get(ADMINISTRATOR), role: "admin" });
    return service(server);
  },

  ready: async (server) => (await storageOf(server)).listBuckets(),

  lease: async (server, { name, options }) => {
    const accessKeyId = keyOf(name, options);
    const secretAccessKey = await server.credentials.get(accessKeyId);
    await setAccount(server, accessKeyId, { secret: secretAccessKey, role: "user" });
    if (accessKeyId !== name) await setAccount(server, name, undefined);
    const bucket = bucketName(name);
    const storage = await storageOf(server);
    await storage.createBucket(bucket);
    await storage.putPolicy(bucket, policyFor(bucket, accessKeyId, options.publicRead));
    await storage.setVersioning(bucket, options.versioning);
    await storage.setCors(bucket, options.cors);
    return {
      bucket,
      region: REGION,
      endpoint: endpoint(server),
      accessKeyId,
      secretAccessKey,
      pathStyle: true,
      publicUrl: `${endpoint(server)}/${bucket}`,
    };
  },

  credentialOf: (name, options) => keyOf(name, options),

  // Every request is authenticated: once the account is gone, new requests and earlier presigned URLs are rejected. The policy grants access to a
  // shared key and the public.
  disable: async (server, name) => {
    await setAccount(server, name, undefined);
    await (await storageOf(server)).deletePolicy(bucketName(name));
  },

  drop: async (server, name) => {
    await setAccount(server, name, undefined);
    for (const folder of Object.values(dataFolders(server)))
      await rm(path.join(folder, bucketName(name)), { recursive: true, force: true });
    await server.credentials.remove(name);
  },
};

/** A setting's own key has the name of its lease. The hyphen prevents a clash. */
const keyOf = (name: string, { key }: Pick<BucketLeaseOptions, "key">): string => (key === "shared" ? SHARED_KEY : name);

/**
 * Turns `shared_uploads` into `shared-uploads`. S3 requires 3 to 63 characters with a letter or digit at each end; a name that does not fit gets a
 * hash, which keeps it unique.
 */
export const bucketName = (name: string): string => {
  const plain = name.replaceAll("_", "-");
  return /^.{2,62}[a-z0-9]$/.test(plain) ? plain : `${plain.slice(0, 50).replace(/-+$/, "")}.${hash(name)}`;
};

const dataFolders = ({ folder }: Pick<LocalServer, "folder">) => ({
  buckets: path.join(folder, "buckets"),
  metadata: path.join(folder, "metadata"),
  versions: path.join(folder, "versions"),
});

const service = (server: LocalServer): Service => {
  const { buckets, metadata, versions } = dataFolders(server);
  return {
    name: server.localName,
    command: [
      server.program.path,
      `--port=127.0.0.1:${server.port}`,
      `--region=${REGION}`,
      `--iam-dir=${accountsFolder(server)}`,
      "--iam-cache-disable",
      ...UNUSABLE_ROOT,
      "--keep-alive",
      "--quiet",
      "posix",
      `--sidecar=${metadata}`,
      `--versioning-dir=${versions}`,
      buckets,
    ],
    folder: server.folder,
    environment: server.program.environment,
    stopSignal: "SIGTERM",
    stopTimeout: 10_000,
    port: server.port,
    labels: { version: server.program.version },
  };
};

/**
 * versitygw takes its root account only from the command line or the environment, where other users can see the secret. A signature's scope is
 * `<key>/<date>/<region>/s3/aws4_request`, always five parts, so no request can use a key that contains a slash. Our administrator is an ordinary
 * account instead.
 */
const UNUSABLE_ROOT = ["--access=no/login", "--secret=none"];
