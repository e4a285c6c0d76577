// Writes continuously to PostgreSQL, Redis and S3, and prints `<server> <key> <milliseconds>` for each acknowledged write.
// With the argument `busy` it also keeps a PostgreSQL backend busy.
import { setTimeout as sleep } from "node:timers/promises";
import { AwsClient } from "aws4fetch";
import { Redis } from "ioredis";
import pg from "pg";

const PAUSE = 20;

/** Milliseconds for one attempt. */
const PATIENCE = 10_000;

const variable = (name: string): string => process.env[name] ?? "";

/** A failed write is not repeated, because its outcome is unknown. The next one has another key. */
const keepWriting = async (server: string, write: (key: string) => Promise<unknown>): Promise<never> => {
  for (let number = 1; ; number += 1) {
    const key = `${process.pid}-${number}`;
    await write(key).then(
      () => console.log(`${server} ${key} ${Date.now()}`),
      () => undefined,
    );
    await sleep(PAUSE);
  }
};

const toPostgres = () => {
  const pool = new pg.Pool({
    connectionString: variable("DATABASE_URL"),
    max: 1,
    connectionTimeoutMillis: PATIENCE,
    query_timeout: PATIENCE,
  });
  pool.on("error", () => undefined);
  return async (key: string) => {
    await pool.query("create table if not exists kept (key text primary key)");
    await pool.query("insert into kept values ($1)", [key]);
  };
};

const toRedis = () => {
  const client = new Redis(variable("REDIS_URL"), { maxRetriesPerRequest: 1, retryStrategy: () => 50, connectTimeout: PATIENCE });
  client.on("error", () => undefined);
  return (key: string) => client.sadd("kept", key);
};

const toBucket = () => {
  const client = new AwsClient({
    accessKeyId: variable("UPLOADS_ACCESS_KEY_ID"),
    secretAccessKey: variable("UPLOADS_SECRET_ACCESS_KEY"),
    region: variable("UPLOADS_REGION"),
    service: "s3",
    retries: 0,
  });
  const address = `${variable("UPLOADS_ENDPOINT")}/${variable("UPLOADS_BUCKET")}`;
  return async (key: string) => {
    const { ok } = await client.fetch(`${address}/${key}`, { method: "PUT", body: key, signal: AbortSignal.timeout(PATIENCE) });
    if (!ok) throw new Error("refused");
  };
};

const keepComputing = async (): Promise<never> => {
  for (;;) {
    const client = new pg.Client({ connectionString: variable("DATABASE_URL"), connectionTimeoutMillis: PATIENCE });
    client.on("error", () => undefined);
    await client
      .connect()
      .then(() => client.query("select count(*) from generate_series(1, 1000000000) n where n % 7 = 3"))
      .catch(() => undefined);
    await client.end().catch(() => undefined);
    await sleep(100);
  }
};

if (require.main === module) {
  void keepWriting("postgres", toPostgres());
  if (variable("REDIS_URL") !== "") void keepWriting("redis", toRedis());
  if (variable("UPLOADS_ENDPOINT") !== "") void keepWriting("bucket", toBucket());
  if (process.argv[2] === "busy") void keepComputing();
}
