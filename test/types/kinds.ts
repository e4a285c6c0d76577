import { z } from "zod";
import {
  apiKeys,
  bucket,
  keyPair,
  mongodbUrl,
  mysqlUrl,
  natsUrl,
  postgresUrl,
  redisNodes,
  redisUrl,
  secret,
  settings,
  smtp,
  type ApiKeys,
  type Bucket,
  type Config,
  type KeyPair,
  type MongodbConnection,
  type MysqlConnection,
  type NatsConnection,
  type PostgresConnection,
  type RedisConnection,
  type RedisNodes,
  type Secret,
  type SettingOptions,
  type SmtpConnection,
} from "../../lib/index";
import { defineKind, type FieldsOf, type PublicFieldsOf, type SecretFieldsOf, type VariableTexts } from "../../lib/kind";
import { mapKinds, type Provisioned, type ProvisionedKind } from "../../lib/kinds/provisioned";
import type { Tls } from "../../lib/connection/tls";
import type { BuilderName } from "../support/each-kind";
import type { Equal, Expect } from "./equal";

/** A builder accepts the same options as its kind's schema; a missing kind does not compile. */
interface Builders {
  readonly bucket: typeof bucket;
  readonly postgres: typeof postgresUrl;
  readonly redis: typeof redisUrl;
}
type Taken<N extends ProvisionedKind> = Builders[N] extends (options?: infer Options) => unknown ? Options : never;
type Accepted<N extends ProvisionedKind> = Readonly<z.input<ReturnType<Provisioned[N]["options"]>>>;
/** The kind's own options. */
type Own<N extends ProvisionedKind> = Readonly<Omit<NonNullable<Taken<N>>, keyof SettingOptions>>;
export type Accepts = Expect<Equal<{ [N in ProvisionedKind]: Own<N> }, { [N in ProvisionedKind]: Accepted<N> }>>;

/** The type that load() returns for each kind; a missing kind does not compile. */
const each = settings("each", {
  apiKeys: apiKeys(),
  bucket: bucket(),
  keyPair: keyPair(),
  mongodbUrl: mongodbUrl(),
  mysqlUrl: mysqlUrl(),
  natsUrl: natsUrl(),
  postgresUrl: postgresUrl(),
  redisNodes: redisNodes(),
  redisUrl: redisUrl(),
  secret: secret(),
  smtp: smtp(),
});
export type Each = Expect<Equal<keyof Config<typeof each>, BuilderName>>;
export type Values = Expect<
  Equal<
    Config<typeof each>,
    {
      readonly apiKeys: ApiKeys;
      readonly bucket: Bucket;
      readonly keyPair: KeyPair;
      readonly mongodbUrl: MongodbConnection;
      readonly mysqlUrl: MysqlConnection;
      readonly natsUrl: NatsConnection;
      readonly postgresUrl: PostgresConnection;
      readonly redisNodes: RedisNodes;
      readonly redisUrl: RedisConnection;
      readonly secret: Secret;
      readonly smtp: SmtpConnection;
    }
  >
>;

/** Fields of variables are typed by the kind. */
smtp({ variables: { url: "EMAIL_SERVER", host: "EMAIL_HOST", secure: "EMAIL_USE_SSL" } });
// @ts-expect-error a mail server has no database
smtp({ variables: { database: "EMAIL_DATABASE" } });
// @ts-expect-error a fallback is another setting's name
mysqlUrl({ scheme: 3 });

export type PublicOfPostgres = Expect<
  Equal<
    PublicFieldsOf<Provisioned["postgres"]>,
    { readonly host: string; readonly port: number; readonly database: string; readonly username: string; readonly tls: Tls }
  >
>;
export type SecretOfPostgres = Expect<Equal<SecretFieldsOf<Provisioned["postgres"]>, { readonly password: string }>>;
/** Optional ones stay optional. */
export type PublicOfBucket = Expect<
  Equal<
    PublicFieldsOf<Provisioned["bucket"]>,
    {
      readonly bucket: string;
      readonly region: string;
      readonly endpoint?: string;
      readonly accessKeyId?: string;
      readonly prefix?: string;
      readonly pathStyle?: boolean;
      readonly publicUrl?: string;
    }
  >
>;
export type SecretOfBucket = Expect<Equal<SecretFieldsOf<Provisioned["bucket"]>, { readonly secretAccessKey?: string }>>;
/** Every field is public or secret. */
export type Whole = Expect<
  Equal<
    { [N in ProvisionedKind]: keyof FieldsOf<Provisioned[N]> },
    { [N in ProvisionedKind]: keyof PublicFieldsOf<Provisioned[N]> | keyof SecretFieldsOf<Provisioned[N]> }
  >
>;

interface Fields {
  readonly url: string;
  readonly prefix?: string;
}
const kind = {
  name: "queue",
  secret: true,
  options: () => z.strictObject({}),
  variables: [],
  schema: () => z.custom<VariableTexts>(),
  encode: { url: ({ url }: Fields) => url },
  decode: (): Fields => ({ url: "" }),
} as const;
export const queue = defineKind({ ...kind, fields: { url: "secret", prefix: "public" }, optionalFields: { prefix: true } });
export type OfQueue = Expect<Equal<SecretFieldsOf<typeof queue>, { readonly url: string }>>;
// @ts-expect-error a field has no visibility
defineKind({ ...kind, fields: { url: "secret" }, optionalFields: { prefix: true } });
// @ts-expect-error unknown visibility
defineKind({ ...kind, fields: { url: "hidden", prefix: "public" }, optionalFields: { prefix: true } });
// @ts-expect-error an optional field is not declared optional
defineKind({ ...kind, fields: { url: "secret", prefix: "public" }, optionalFields: {} });
// @ts-expect-error a required field is declared optional
defineKind({ ...kind, fields: { url: "secret", prefix: "public" }, optionalFields: { prefix: true, url: true } });

// @ts-expect-error unknown field of a resource
defineKind({ ...kind, fields: { url: "secret", prefix: "public", port: "public" }, optionalFields: { prefix: true } });
// @ts-expect-error unknown property of a kind
defineKind({ ...kind, fields: { url: "secret", prefix: "public" }, optionalFields: { prefix: true }, weakness: () => [] });

/** Each entry belongs to its kind. */
type Named = { readonly [N in ProvisionedKind]: readonly [N] };
export const named = mapKinds<Named>(<N extends ProvisionedKind>(name: N): readonly [N] => [name]);
// @ts-expect-error one kind's entry does not fit another kind
export const mixed = mapKinds<Named>(() => ["bucket"] as const);

/** A generated secret always has a value. */
export const own = settings("own", {
  session: secret({ generate: true, alias: "SESSION_KEY" }),
  encryption: secret(z.string().length(64), { generate: { bytes: 32, as: "hex" }, env: "ENCRYPTION_KEY" }),
  code: secret(z.coerce.number(), { generate: { length: 39, alphabet: "0123456789" } }),
  salt: secret({ generate: { length: 32 }, formerly: ["own.pepper"] }),
  jwt: keyPair({ bits: 3072, as: "base64" }),
  signing: keyPair({ type: "ed25519", as: "pem" }),
  push: keyPair({ type: "vapid", env: "VAPID" }),
  again: secret({ fallback: "session" }),
});
export type Generated = Expect<
  Equal<
    Config<typeof own>,
    {
      readonly session: Secret;
      readonly encryption: Secret;
      readonly code: Secret<number>;
      readonly salt: Secret;
      readonly jwt: KeyPair;
      readonly signing: KeyPair;
      readonly push: KeyPair;
      readonly again: Secret;
    }
  >
>;
// @ts-expect-error a generated secret does not fall back
secret({ generate: true, fallback: "session" });
// @ts-expect-error a generated secret has a value in every environment
secret({ generate: true, requiredIn: ["production"] });
// @ts-expect-error unknown encoding
secret({ generate: { bytes: 32, as: "base32" } });
// @ts-expect-error neither bytes nor characters
secret({ generate: { alphabet: "abcdefghij" } });
// @ts-expect-error a key pair does not fall back
keyPair({ fallback: "jwt" });
// @ts-expect-error only RSA keys have a length
keyPair({ type: "ed25519", bits: 2048 });
// @ts-expect-error VAPID keys have one form
keyPair({ type: "vapid", as: "pem" });
