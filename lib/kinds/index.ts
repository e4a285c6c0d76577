import type { KindTraits } from "../kind";
import { bucketKind } from "./bucket";
import { postgresKind } from "./postgres";
import { redisKind } from "./redis";

// The public API of each kind, exported by the package.
export { apiKeys, type ApiKey, type ApiKeys } from "./api-keys";
export { bucket, type BucketOptions } from "./bucket";
export type { Bucket, BucketField, S3ClientOptions } from "./bucket/value";
export { keyPair, type KeyPair, type KeyPairOptions } from "./key-pair";
export type { MongodbConnection } from "../connection/mongodb";
export { mongodbUrl } from "./mongodb";
export type { MysqlConnection } from "../connection/mysql";
export { mysqlUrl, type MysqlOptions } from "./mysql";
export type { NatsConnection } from "../connection/nats";
export { natsUrl } from "./nats";
export type { PostgresConnection } from "../connection/postgres";
export { postgresUrl, type PostgresOptions } from "./postgres";
export type { RedisConnection } from "../connection/redis";
export { redisUrl, type RedisOptions } from "./redis";
export type { RedisNodes } from "../connection/redis-nodes";
export { redisNodes, type RedisNodesOptions } from "./redis-nodes";
export { secret, type GeneratedSecretOptions } from "./secret";
export type { ServerOption } from "./server-option";
export type { SmtpConnection } from "../connection/smtp";
export { smtp } from "./smtp";

// The default export, because `export *` leaves it out: the package exports the rest of this file.
/** The single list of kinds that a target can provision. */
export default { bucket: bucketKind, postgres: postgresKind, redis: redisKind } satisfies Readonly<Record<string, KindTraits>>;
