import { once } from "../internal/once";
import { ownValue } from "../internal/own-value";
import { refusal, type Protocol } from "./protocol";

type AnyProtocol = Protocol<string | number | undefined>;

/** A scheme in lower case and what follows its `://`. */
export interface Schemed {
  readonly scheme: string;
  readonly rest: string;
}

/** Splits off the scheme. Rejects text that is not a URL of the protocol, and names what it is instead. */
export const splitScheme = (text: string, protocol: AnyProtocol): Schemed => {
  const { schemes, schemesInWords, product, pattern } = protocol;
  const [whole, written] = /^((?:jdbc:|r2dbcs?:)?[a-z][a-z0-9+._-]*):\/\//i.exec(text) ?? [];
  const scheme = written?.toLowerCase();
  if (whole !== undefined && scheme !== undefined && schemes.test(scheme)) return { scheme, rest: text.slice(whole.length) };
  if (/^(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::\d+)?$/i.test(text))
    throw refusal("is a host, not a URL", `write it as ${pattern}, or name a variable for each part`);
  const foreign = foreignScheme(text);
  if (foreign)
    throw refusal(
      `is ${article(foreign.scheme)} ${foreign.scheme} URL, but this setting is ${product}`,
      foreignFix(foreign.family, protocol),
    );
  if (text.includes("://")) throw refusal(`must start with ${schemesInWords}`, `write it as ${pattern}`);
  if (schemes.test(/^[a-z][a-z0-9+._-]*(?=:)/i.exec(text)?.[0]?.toLowerCase() ?? ""))
    throw refusal('must have "://" after its scheme', `write it as ${pattern}`);
  throw refusal("has no scheme", `start it with ${schemesInWords}`);
};

/** A scheme of another protocol. From a closed list, because unknown text may be secret. */
const foreignScheme = (text: string): { readonly scheme: string; readonly family: Family } | undefined => {
  const [, prefix = "", base = "", slashes] = /^(jdbc:|r2dbcs?:)?([a-z][a-z0-9_-]*)(?:\+[a-z0-9_+-]+)?:(\/\/)?/i.exec(text) ?? [];
  const scheme = base.toLowerCase();
  const family = ownValue(families(), scheme);
  if (family === undefined || (slashes === undefined && family !== "file" && prefix === "")) return undefined;
  return { scheme: `${prefix.toLowerCase()}${scheme}:${slashes ?? ""}`, family };
};

type Family = "postgres" | "redis" | "mysql" | "mongodb" | "nats" | "smtp" | "web" | "file" | "other";

const families = once((): Readonly<Record<string, Family>> => {
  const schemes: Readonly<Record<Family, string>> = {
    postgres: "postgres postgresql postgis pgsql psql ecto timescale",
    redis: "redis rediss valkey valkeys unix sentinel redis-sentinel",
    mysql: "mysql mysqlx mysql2 mariadb",
    mongodb: "mongodb",
    nats: "nats tls",
    smtp: "smtp smtps",
    web: "http https ws wss",
    file: "sqlite sqlite3 file spatialite",
    other:
      "amqp amqps kafka mssql sqlserver oracle cockroach cockroachdb clickhouse clickhouses libsql memcache memcached neo4j bolt couchdb " +
      "cassandra elasticsearch snowflake redshift bigquery ldap ldaps ftp sftp ssh s3 gs mqtt mqtts sc",
  };
  return Object.fromEntries(Object.entries(schemes).flatMap(([family, names]) => names.split(" ").map((name) => [name, family as Family])));
});

const article = (scheme: string): string => (/^(?:[aeo]|https?|s?ftp|ssh|s3|mssql|ldap|smtp|mqtt)/.test(scheme) ? "an" : "a");

const BUILDERS: Readonly<Partial<Record<Family, string>>> = {
  postgres: "postgresUrl()",
  redis: "redisUrl()",
  mysql: "mysqlUrl()",
  mongodb: "mongodbUrl()",
  nats: "natsUrl()",
  smtp: "smtp()",
};

const foreignFix = (family: Family, { pattern, product }: AnyProtocol): string => {
  const builder = BUILDERS[family];
  if (builder !== undefined) return `set ${pattern}, or declare the setting with ${builder}`;
  if (family === "web") return `set ${pattern}; for an HTTP API, declare its address with z.url() and its token with secret()`;
  if (family === "file") return `set ${pattern}, or remove the variable: a file is not a ${product} server`;
  return `set ${pattern}`;
};
