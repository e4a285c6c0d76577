import { refusal, unwritable, type Parameter } from "./protocol";
import { isWeaker, tls, weakerOf, type Tls } from "./tls";
import { meaningOf, switchOf, type Words } from "./words";

/**
 * URL schemes that can be provisioned:
 *
 * - `postgresql`, `postgres`: libpq, and nearly every client library.
 * - `postgresql+DRIVER`: [SQLAlchemy](https://docs.sqlalchemy.org/en/20/dialects/postgresql.html) and pydantic: `psycopg`, `psycopg2`,
 *   `psycopg_async`, `psycopg2cffi`, `asyncpg`, `pg8000`.
 * - `postgis`, `pgsql`, `psql`, `timescale`, `timescalegis`: [dj-database-url](https://github.com/jazzband/dj-database-url#url-schema),
 *   [django-environ](https://django-environ.readthedocs.io/en/latest/types.html); Rails' activerecord-postgis-adapter takes `postgis`,
 *   Laravel `pgsql`, and Doctrine `pgsql` and `pdo-pgsql`.
 * - `pgx`, `pgx5`: [golang-migrate](https://github.com/golang-migrate/migrate/tree/master/database/pgx).
 * - `ecto`: [Ecto](https://hexdocs.pm/ecto/Ecto.Repo.html#module-urls), which accepts any scheme.
 * - `jdbc:postgresql`: [pgjdbc](https://jdbc.postgresql.org/documentation/use/), with the user and the password in the query.
 * - `r2dbc:postgresql`, `r2dbcs:postgresql`: [R2DBC](https://r2dbc.io/spec/1.0.0.RELEASE/spec/html/#overview.connection.url).
 */
export const POSTGRES_SCHEME =
  /^(?:postgres(?:ql)?(?:\+[a-z][a-z0-9_]*)?|postgis|pgsql|psql|timescale(?:gis)?|pgx5?|pdo[-_]pgsql|ecto|jdbc:postgresql|r2dbcs?:postgresql)$/;

/**
 * The addresses of Prisma's own proxies: `prisma dev` and [Accelerate](https://www.prisma.io/docs/accelerate/getting-started). They have an
 * API key instead of a login, and no database; only Prisma understands them.
 */
const PRISMA_SCHEME = /^prisma(?:\+postgres(?:ql)?)?$/;

export const isPrisma = (scheme: string): boolean => PRISMA_SCHEME.test(scheme);
export const isJdbc = (scheme: string): boolean => scheme.startsWith("jdbc:");

/** All schemes that can be read. */
export const POSTGRES_SCHEMES = new RegExp(`${POSTGRES_SCHEME.source}|${PRISMA_SCHEME.source}`);

/**
 * The minimum guarantee of each value of `sslmode`, according to [libpq](https://www.postgresql.org/docs/current/libpq-ssl.html#LIBPQ-SSL-PROTECTION),
 * which pgx, lib/pq, [pgjdbc](https://jdbc.postgresql.org/documentation/use/#connection-parameters) and asyncpg follow; `no-verify` of
 * [pg](https://node-postgres.com/features/ssl); and the values of `ssl` in pg, [Postgres.js](https://github.com/porsager/postgres#ssl),
 * asyncpg and [Ecto](https://hexdocs.pm/postgrex/Postgrex.html#start_link/1), whose `true` need not verify.
 */
const MODES: Words<Tls["mode"]> = {
  disable: "off",
  allow: "off",
  prefer: "off",
  require: "require",
  "verify-ca": "require",
  "verify-full": "verify-full",
  "no-verify": "require",
  true: "require",
  "1": "require",
  false: "off",
  "0": "off",
};

const LISTED = "disable, allow, prefer, require, verify-ca or verify-full";

/** [Prisma](https://www.prisma.io/docs/orm/overview/databases/postgresql#arguments): the strongest guarantee of each value. */
const ACCEPT: Words<Tls["mode"]> = { strict: "verify-full", accept_invalid_certs: "require" };

/** Reads the TLS settings of a URL. */
export const readPostgresTls = (scheme: string, parameter: Parameter): Tls => {
  const root = parameter("sslrootcert") ?? parameter("sslRootCert");
  // libpq: the system's roots imply sslmode=verify-full, and any other mode is an error.
  if (root === "system") return tls("verify-full");
  return tls(modeOf(scheme, parameter), root);
};

const modeOf = (scheme: string, parameter: Parameter): Tls["mode"] => {
  // `prisma dev` speaks plain HTTP, with the same scheme as Prisma's cloud.
  if (isPrisma(scheme)) return scheme === "prisma" ? "verify-full" : "off";
  const mode = meaningOf(parameter, ["sslmode", "sslMode"], MODES, LISTED) ?? (isJdbc(scheme) ? jdbcMode(parameter) : sslMode(parameter));
  if (scheme.startsWith("r2dbcs:") && isWeaker(mode, "require")) return "verify-full";
  const accept = meaningOf(parameter, ["sslaccept"], ACCEPT, "strict or accept_invalid_certs");
  if (accept === undefined || mode === "off") return mode;
  return accept === "verify-full" ? accept : weakerOf(mode, accept);
};

const sslMode = (parameter: Parameter): Tls["mode"] => meaningOf(parameter, ["ssl"], MODES, `true, false, ${LISTED}`) ?? "off";

/** pgjdbc since 42.2.5: `ssl=true` verifies, unless the factory turns that off. */
const jdbcMode = (parameter: Parameter): Tls["mode"] => {
  if (switchOf(parameter, ["ssl"]) !== true) return "off";
  return parameter("sslfactory")?.endsWith(".NonValidatingFactory") ? "require" : "verify-full";
};

/** The TLS parameters for a scheme's client library; none for `off`. */
export const postgresTlsParameters = ({ mode, ca }: Tls, scheme: string): Readonly<Record<string, string | undefined>> => {
  if (mode === "off") return {};
  const driver = scheme.split("+")[1];
  if (driver === "pg8000")
    throw unwritable("a URL for pg8000 cannot enable TLS", "use the scheme postgresql+psycopg or postgresql+asyncpg");
  if (driver === "asyncpg") {
    if (ca !== undefined)
      throw unwritable("a URL for asyncpg cannot name a CA file", "omit `ca` and set PGSSLROOTCERT, which asyncpg reads, for the app");
    return { ssl: mode };
  }
  if (scheme === "ecto") {
    if (mode === "verify-full" || ca !== undefined)
      throw unwritable(
        "a URL for Ecto cannot require a verified certificate",
        "name a variable for each part, and set `ssl` in the app's configuration",
      );
    return { ssl: "true" };
  }
  if (scheme.startsWith("r2dbc")) return { sslMode: mode, sslRootCert: ca };
  return { sslmode: mode, sslrootcert: ca };
};

/** Rejects a Prisma URL without its API key. */
export const prismaKey = (parameters: URLSearchParams): string => {
  const key = parameters.get("api_key");
  if (key) return key;
  throw refusal("must have an api_key in its query", "copy the whole URL from Prisma, with ?api_key=...");
};
