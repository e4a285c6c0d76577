import { rm } from "node:fs/promises";
import path from "node:path";
import type { BucketFields, bucketKind } from "../kinds/bucket";
import type { OptionsOf } from "../kind";
import { hash } from "../names";
import type { Service } from "../supervisor/service";
import { ADMINISTRATOR, accountsFolder, setAccount } from "./bucket/accounts";
import { policyFor } from "./bucket/policy";
import { findProgram } from "./bucket/programs";
import { REGION, endpoint, storageOf } from "./bucket/storage";
import { makeOwnFolder } from "./make-folders";
import type { LocalServer, Recipe } from "./recipe";

export type BucketLeaseOptions = OptionsOf<typeof bucketKind>;

/** No environment shares a bucket of this machine. */
export type LocalBucketFields = Omit<Required<BucketFields>, "prefix">;

/**
 * S3 on this machine, by versitygw: one server, on it one bucket and one key for each setting. The key reaches the objects of its own
 * bucket and nothing else. Objects are plain files under `buckets`.
 */
export const bucket: Recipe<BucketLeaseOptions, LocalBucketFields> = {
  program: findProgram,

  prepare: async (server) => {
    for (const folder of [accountsFolder(server), ...Object.values(dataFolders(server))]) await makeOwnFolder(folder);
    await setAccount(server, ADMINISTRATOR, { secret: await server.credentials.get(ADMINISTRATOR), role: "admin" });
    return service(server);
  },

  ready: async (server) => (await storageOf(server)).listBuckets(),

  lease: async (server, { name, options }) => {
    const secretAccessKey = await server.credentials.get(name);
    await setAccount(server, name, { secret: secretAccessKey, role: "user" });
    const bucket = bucketName(name);
    const storage = await storageOf(server);
    await storage.createBucket(bucket);
    await storage.putPolicy(bucket, policyFor(bucket, name));
    await storage.setVersioning(bucket, options.versioning);
    return { bucket, region: REGION, endpoint: endpoint(server), accessKeyId: name, secretAccessKey };
  },

  // Each request is a session of its own: without the account the next one is refused, and so is every URL signed before.
  disable: (server, name) => setAccount(server, name, undefined),

  drop: async (server, name) => {
    await setAccount(server, name, undefined);
    for (const folder of Object.values(dataFolders(server)))
      await rm(path.join(folder, bucketName(name)), { recursive: true, force: true });
    await server.credentials.remove(name);
  },
};

/**
 * `shared_uploads` to `shared-uploads`. S3 wants 3 to 63 characters with a letter or digit at each end; where the name gives none such, a hash makes
 * one that no other name has.
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
      ...ROOT_NOBODY_CAN_USE,
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
 * versitygw takes its root account from the command line or the environment alone, where its secret would be seen. A signature's scope is
 * `<key>/<date>/<region>/s3/aws4_request`, in five parts: no request can name a key that has a slash. Our administrator is an account
 * like the others instead.
 */
const ROOT_NOBODY_CAN_USE = ["--access=no/login", "--secret=none"];
