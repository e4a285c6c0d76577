import { readHosts, readPort } from "./authority";
import type { Connection, HostAndPort } from "./connection";
import { formatConnectionUrl, type Params } from "./format";
import { isJdbc, isPrisma, postgresTlsParameters, prismaKey, POSTGRES_SCHEMES, readPostgresTls } from "./postgres-schemes";
import { refusal, unwritable, type Place, type Protocol } from "./protocol";
import type { Tls } from "./tls";

export { isJdbc, POSTGRES_SCHEME, postgresTlsParameters } from "./postgres-schemes";

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

export const postgresProtocol: Protocol<string> = {
  product: "PostgreSQL",
  schemes: POSTGRES_SCHEMES,
  schemesInWords: "postgresql:// or postgres://, with or without a +driver",
  pattern: "postgresql://USER:PASSWORD@HOST:5432/DATABASE",
  defaultPort: 5432,
  portOf: (scheme) => (isPrisma(scheme) ? 443 : 5432),
  sockets: true,
  overruling: ["host", "hostaddr", "port", "user", "password", "dbname", "database", "service"],
  place: (front, { scheme, parameters }) => {
    if (isPrisma(scheme)) return { ...front, password: prismaKey(parameters) };
    if (isJdbc(scheme)) return inQuery(front, parameters);
    if (front.hosts.length === 0 || isPrismaSocket(front, parameters)) return withQueryHosts(front, parameters);
    return front;
  },
  database: (path, _parameter, scheme) => {
    if (isPrisma(scheme)) return "";
    if (path === "") throw refusal("must name a database after the host", "add it: /DATABASE");
    // A / or @ here is nearly always part of an unencoded password; `pg` does not decode the other characters.
    if (!/^[^;/?:@&=+$,#\p{Cc}]{1,63}$/u.test(path)) {
      throw refusal(
        "must have only a database name between the host and the query",
        "write one name, of at most 63 characters and without / : @ ; , & = + $; if a password contains /, write it as %2F",
      );
    }
    return path;
  },
  databaseInWords: "must be a database name: 1 to 63 characters, without ; / ? : @ & = + $ , #",
  tls: readPostgresTls,
};

/** pgjdbc does not read a user name before the host. */
const inQuery = (front: Place, parameters: URLSearchParams): Place => {
  if (front.username !== "" || front.password !== "") {
    throw refusal(
      "must not have a user name before its host: JDBC drivers do not read it there",
      "write ?user=...&password=... at the end",
    );
  }
  return { ...front, username: parameters.get("user") ?? "", password: parameters.get("password") ?? "", taken: ["user", "password"] };
};

/**
 * A URL without a host may have it in the query: `?host=/var/run/postgresql`, `?host=a,b&port=1,2` as in
 * [libpq](https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS), `?host=a:1&host=b:2` as in
 * [SQLAlchemy](https://docs.sqlalchemy.org/en/20/dialects/postgresql.html#specifying-multiple-fallback-hosts).
 */
const withQueryHosts = (front: Place, parameters: URLSearchParams): Place => {
  const named = parameters.getAll("host").flatMap((text) => text.split(","));
  const ports = parameters.getAll("port").flatMap((text) => text.split(","));
  const hosts = named.flatMap((text, index): readonly HostAndPort[] => {
    const port = ports[index] ?? (ports.length === 1 ? ports[0] : undefined) ?? "";
    const given = text.startsWith("/")
      ? [{ host: text, port: postgresProtocol.defaultPort }]
      : readHosts(text, postgresProtocol, "postgresql");
    return port === "" ? given : given.map(({ host }) => ({ host, port: readPort(port) }));
  });
  const { username, password } = front;
  const login = username === "" && password === "" ? ["user", "password"] : [];
  return {
    username: (login.length > 0 ? parameters.get("user") : undefined) ?? username,
    password: (login.length > 0 ? parameters.get("password") : undefined) ?? password,
    hosts,
    taken: ["host", "port", ...login],
  };
};

/** [Prisma](https://www.prisma.io/docs/orm/overview/databases/postgresql#connecting-via-sockets) requires `localhost` before a socket. */
const isPrismaSocket = ({ hosts: [first] }: Place, parameters: URLSearchParams): boolean =>
  first?.host === "localhost" && parameters.get("host")?.startsWith("/") === true;

/**
 * Formats a URL with the TLS parameters of the client library that the scheme names. `off` adds none.
 *
 * - `postgresql`, `postgres`, `jdbc:postgresql` and any scheme not listed below: `sslmode=` and `sslrootcert=`, for libpq, psycopg, plain asyncpg,
 *   pgjdbc and Node's `pg`.
 *   [pg-connection-string 2.14](https://github.com/brianc/node-postgres/tree/master/packages/pg-connection-string#tcp-connections) reads
 *   `require` as `verify-full` and warns; libpq rejects the workaround `uselibpqcompat=true`, so it is not added.
 *   For `verify-full` without `ca`, `pg` trusts Node's roots and libpq trusts `~/.postgresql/root.crt`.
 * - `+asyncpg`: `ssl=`, because SQLAlchemy passes the query to `asyncpg.connect()`, which has no `sslmode` and `sslrootcert` arguments.
 * - `+pg8000`: no TLS, which it accepts only as an `ssl_context`.
 * - `ecto`: `ssl=true`, which encrypts without verifying; Ecto has no parameter for verification.
 * - `r2dbc:postgresql`: `sslMode=` and `sslRootCert=`.
 *
 * @param params further query parameters; they cannot lower the TLS settings
 * @throws EndowError `CONNECTION_FIELD_INVALID` for a field that a URL of this scheme cannot contain.
 */
export const formatPostgresUrl = (fields: PostgresFields, scheme: string, params: Params = {}): string => {
  if (!/^[\w.~-]{1,63}$/.test(fields.database)) {
    throw unwritable(
      "the database name must contain only A-Z, a-z, 0-9, _ . ~ and -, at most 63 characters",
      "rename it: client libraries disagree on how to encode other names in a URL",
    );
  }
  const parameters = postgresTlsParameters(fields.tls, scheme);
  return formatConnectionUrl({ ...fields, scheme, parameters, loginInQuery: isJdbc(scheme) }, postgresProtocol, fields.tls, params);
};
