import { formatUrl } from "./format";
import { invalidUrl, unwritable, type Protocol } from "./protocol";
import { tls, type Tls } from "./tls";

export interface PostgresFields {
  readonly host: string;
  readonly port: number;
  /** `[a-z][a-z0-9_]{0,62}`: needs no quotes in SQL and no encoding in a URL, where client libraries disagree. */
  readonly database: string;
  readonly username: string;
  readonly password: string;
  readonly tls: Tls;
}

/** `postgresql` or `postgres`, with the driver that SQLAlchemy and pydantic name behind a `+`. */
export const POSTGRES_SCHEME = /^postgres(ql)?(\+[a-z0-9]+)?$/;

/** What each word promises at least: libpq's (https://www.postgresql.org/docs/current/libpq-ssl.html), then those of `pg` and of JDBC. */
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
    // A / or @ here is nearly always the rest of a password that was not encoded; `pg` leaves the others encoded.
    if (!/^[^;/?:@&=+$,#\p{Cc}]{1,63}$/u.test(path))
      throw invalidUrl("must have nothing but a database's name between the host and the query");
    return path;
  },
  tls: (_scheme, parameter) => {
    const word = parameter("sslmode") ?? parameter("ssl") ?? "disable";
    const mode = MODES.get(word);
    if (mode === undefined) throw invalidUrl("must have one of disable, allow, prefer, require, verify-ca and verify-full for sslmode");
    return tls(mode, parameter("sslrootcert"));
  },
};

/**
 * Fields to a URL in the words of the client library that the scheme names. `off` writes nothing.
 *
 * - `postgresql`, `postgres`, and any `+driver` not below: `sslmode=` and `sslrootcert=`, as libpq, psycopg, asyncpg alone and node's `pg` take them.
 *   [pg-connection-string 2.14](https://github.com/brianc/node-postgres/tree/master/packages/pg-connection-string#tcp-connections) reads
 *   `require` as `verify-full` and warns; its cure `uselibpqcompat=true` is refused by libpq, so it is not written.
 *   For `verify-full` without `ca`, `pg` trusts Node's roots and libpq `~/.postgresql/root.crt`.
 * - `+asyncpg`: `ssl=`, because SQLAlchemy hands the query to `asyncpg.connect()`, which has no `sslmode` and no `sslrootcert` argument.
 * - `+pg8000`: no TLS, which it takes only as an `ssl_context`.
 *
 * @throws EndowError `CONNECTION_FIELD_INVALID` for what a URL of this scheme cannot carry.
 */
export const formatPostgresUrl = (fields: PostgresFields, scheme: string): string => {
  if (!/^[a-z][a-z0-9_]{0,62}$/.test(fields.database)) {
    throw unwritable(
      "the database's name is not made of a-z, 0-9 and _, beginning with a letter, at most 63 characters",
      "rename it: client libraries do not agree on how a URL carries other names",
    );
  }
  return formatUrl({ ...fields, scheme, parameters: tlsParameters(fields.tls, scheme.split("+")[1]) });
};

const tlsParameters = ({ mode, ca }: Tls, driver: string | undefined): Record<string, string | undefined> => {
  if (mode === "off") return {};
  if (driver === "pg8000")
    throw unwritable("a URL for pg8000 cannot ask for TLS", "use the scheme postgresql+psycopg or postgresql+asyncpg");
  if (driver !== "asyncpg") return { sslmode: mode, sslrootcert: ca };
  if (ca !== undefined)
    throw unwritable("a URL for asyncpg cannot name a CA file", "leave `ca` out and set PGSSLROOTCERT for the app, which asyncpg reads");
  return { ssl: mode };
};
