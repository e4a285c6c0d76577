// What users write of each kind: all of it is exported by the package.
export { apiKeys, type ApiKey, type ApiKeys } from "./api-keys";
export { bucket, type Bucket, type BucketOptions, type S3ClientOptions } from "./bucket";
export { postgresUrl, type PostgresOptions } from "./postgres";
export { redisUrl, type RedisOptions } from "./redis";
export { secret } from "./secret";
export type { ServerOption } from "./server-option";
