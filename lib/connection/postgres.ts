import type { Connection } from "./connection";
import { formatUrl } from "./format";
import { invalidUrl, unwritable, type Protocol } from "./protocol";
import { tls, type Tls } from "./tls";

/** What an app gets for a PostgreSQL setting. Hand `reveal()` to the client library. */
export interface PostgresConnection extends Connection<string> {}

export interface PostgresFields {
  readonly host: string;
  readonly port: number;
  /** `[a-z][a-z0-9_]{0,62}`: needs no quoting in SQL and no encoding in a URL, on which client libraries disagree. */
  readonly database: string;
  readonly username: string;
  readonly password: string;
  readonly tls: Tls;
}

/** `postgresql` or `postgres`, optionally followed by `+driver` as in SQLAlchemy and pydantic. */
export const POSTGRES_SCHEME = /^postgres(ql)?(\+[a-z0-9]+)?$/;

/** The minimum guarantee of each mode: libpq's (https://www.postgresql.org/docs/current/libpq-ssl.html), then those of `pg` and JDBC. */
const MODES = new Map<string, Tls["mode"]>([
  ["disable", "off"],
  ["allow", "off"],
  ["prefer", "off"],
  ["require", "require"],
  ["verify-ca", "require"],
  ["verify-full", "verify-full"],
  ["no-verify", "require"],
  ["true", "require"],
  ["1", "require"],
  ["false", "off"],
  ["0", "off"],
]);

export const postgresProtocol: Protocol<string> = {
  schemes: POSTGRES_SCHEME,
  schemesInWords: "postgresql:// or postgres://, with or without a +driver",
  defaultPort: 5432,
  overruling: ["host", "hostaddr", "port", "user", "password", "dbname", "database", "service"],
  database: (path) => {
    if (path === "") throw invalidUrl("must name a database after the host: /name");
    // A / or @ here is nearly always part of an unencoded password; `pg` does not decode the other characters.
    if (!/^[^;/?:@&=+$,#\p{Cc}]{1,63}$/u.test(path)) throw invalidUrl("must have only a database name between the host and the query");
    return path;
  },
  databaseInWords: "must be a database name: 1 to 63 characters, without ; / ? : @ & = + $ , #",
  tls: (_scheme, parameter) => {
    const word = parameter("sslmode") ?? parameter("ssl") ?? "disable";
    const mode = MODES.get(word);
    if (mode === undefined) throw invalidUrl("must set sslmode to disable, allow, prefer, require, verify-ca or verify-full");
    return tls(mode, parameter("sslrootcert"));
  },
};

/**
 * Formats a URL with the TLS parameters of the client library that the scheme names. `off` adds none.
 *
 * - `postgresql`, `postgres`, and any `+driver` not below: `sslmode=` and `sslrootcert=`, for libpq, psycopg, plain asyncpg and Node's `pg`.
 *   [pg-connection-string 2.14](https://github.com/brianc/node-postgres/tree/master/packages/pg-connection-string#tcp-connections) reads
 *   `require` as `verify-full` and warns; libpq rejects the workaround `uselibpqcompat=true`, so it is not added.
 *   For `verify-full` without `ca`, `pg` trusts Node's roots and libpq trusts `~/.postgresql/root.crt`.
 * - `+asyncpg`: `ssl=`, because SQLAlchemy passes the query to `asyncpg.connect()`, which has no `sslmode` and `sslrootcert` arguments.
 * - `+pg8000`: no TLS, which it accepts only as an `ssl_context`.
 *
 * @throws EndowError `CONNECTION_FIELD_INVALID` for a field that a URL of this scheme cannot contain.
 */
export const formatPostgresUrl = (fields: PostgresFields, scheme: string): string => {
  if (!/^[a-z][a-z0-9_]{0,62}$/.test(fields.database)) {
    throw unwritable(
      "the database name must start with a letter and contain only a-z, 0-9 and _, at most 63 characters",
      "rename it: client libraries disagree on how to encode other names in a URL",
    );
  }
  return formatUrl({ ...fields, scheme, parameters: postgresTlsParameters(fields.tls, scheme) });
};

/** The query parameters that state a connection's TLS to the client library of a scheme. @throws EndowError `CONNECTION_FIELD_INVALID` */
export const postgresTlsParameters = ({ mode, ca }: Tls, scheme: string): Record<string, string | undefined> => {
  const driver = scheme.split("+")[1];
  if (mode === "off") return {};
  if (driver === "pg8000")
    throw unwritable("a URL for pg8000 cannot enable TLS", "use the scheme postgresql+psycopg or postgresql+asyncpg");
  if (driver !== "asyncpg") return { sslmode: mode, sslrootcert: ca };
  if (ca !== undefined)
    throw unwritable("a URL for asyncpg cannot name a CA file", "omit `ca` and set PGSSLROOTCERT for the app, which asyncpg reads");
  return { ssl: mode };
};
