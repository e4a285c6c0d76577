import type { Connection } from "./connection";
import { refusal, unwritable, type Parameter, type Place, type Protocol } from "./protocol";
import { tls, type Tls } from "./tls";
import { firstOf, meaningOf, switchOf, type Words } from "./words";

/** The value of a MySQL or MariaDB setting. `database` is "" if the URL has none. Pass `reveal()` to the client library. */
export interface MysqlConnection extends Connection<string> {}

/**
 * - `mysql`, `mariadb`: nearly every client library.
 * - `mysql+DRIVER`, `mariadb+DRIVER`: [SQLAlchemy](https://docs.sqlalchemy.org/en/20/dialects/mysql.html).
 * - `mysql2`, `mysqlgis`, `mysql-connector`: Rails, [dj-database-url](https://github.com/jazzband/dj-database-url#url-schema).
 * - `pdo-mysql`, `mysqli`: [Doctrine](https://www.doctrine-project.org/projects/doctrine-dbal/en/current/reference/configuration.html).
 * - `ecto`: Ecto, which accepts any scheme.
 * - `jdbc:mysql`, `jdbc:mariadb`, `r2dbc:mysql`, `r2dbc:mariadb`: Java.
 */
export const MYSQL_SCHEME =
  /^(?:(?:mysql|mariadb)(?:\+[a-z][a-z0-9_]*)?|mysql2|mysqlgis|mysqli|mysql-connector|pdo[-_]mysql|ecto|(?:jdbc|r2dbcs?):(?:mysql|mariadb))$/;

/**
 * The minimum guarantee of each value of `ssl-mode`, according to
 * [MySQL](https://dev.mysql.com/doc/refman/8.4/en/connection-options.html#option_general_ssl-mode), whose clients spell it `ssl-mode`,
 * `ssl_mode` and `sslMode` ([Connector/J](https://dev.mysql.com/doc/connector-j/en/connector-j-connp-props-security.html)), and of
 * [MariaDB's connectors](https://mariadb.com/docs/connectors/mariadb-connector-j/about-mariadb-connector-j#tls-parameters).
 */
const MODES: Words<Tls["mode"]> = {
  disabled: "off",
  disable: "off",
  preferred: "off",
  prefer: "off",
  required: "require",
  require: "require",
  trust: "require",
  verify_ca: "require",
  "verify-ca": "require",
  verify_identity: "verify-full",
  "verify-full": "verify-full",
};

/** [Prisma](https://www.prisma.io/docs/orm/overview/databases/mysql#arguments); either value enables TLS. */
const ACCEPT: Words<Tls["mode"]> = { strict: "verify-full", accept_invalid_certs: "require" };

/** [go-sql-driver](https://github.com/go-sql-driver/mysql#tls). */
const GO: Words<Tls["mode"]> = { true: "verify-full", false: "off", "skip-verify": "require", preferred: "off" };

/** Parameters of PyMySQL, Prisma, mysql2 and MariaDB's connectors. */
const SOCKETS = ["unix_socket", "socket", "socketPath", "localSocket"];

export const mysqlProtocol: Protocol<string> = {
  product: "MySQL",
  schemes: MYSQL_SCHEME,
  schemesInWords: "mysql:// or mariadb://, with or without a +driver",
  pattern: "mysql://USER:PASSWORD@HOST:3306/DATABASE",
  defaultPort: 3306,
  overruling: ["host", "port", "user", "password", "passwd", "db", "database"],
  place: (front, { parameters }) => {
    const socket = SOCKETS.map((name) => parameters.get(name) ?? "").find((path) => path.startsWith("/"));
    const place = socket === undefined ? front : { ...front, hosts: [{ host: socket, port: mysqlProtocol.defaultPort }] };
    return place.username === "" && place.password === "" ? withQueryLogin(place, parameters) : place;
  },
  database: (path) => {
    if (/^[^/?#@:\p{Cc}]{0,64}$/u.test(path)) return path;
    throw refusal(
      "must have only a database name between the host and the query",
      "write one name, of at most 64 characters and without / : or @; if a password contains /, write it as %2F",
    );
  },
  databaseInWords: "must be a database name: at most 64 characters, without / ? # @ :",
  tls: (_scheme, parameter) => {
    const [, ca] = firstOf(parameter, ["ssl-ca", "ssl_ca", "sslca", "sslcert", "serverSslCert"]) ?? [];
    return tls(modeOf(parameter, ca), ca);
  },
};

/** JDBC drivers read the user and the password from the query if the authority has none. */
const withQueryLogin = (place: Place, parameters: URLSearchParams): Place => ({
  ...place,
  username: parameters.get("user") ?? "",
  password: parameters.get("password") ?? "",
  taken: ["user", "password"],
});

const modeOf = (parameter: Parameter, ca: string | undefined): Tls["mode"] => {
  const listed = "DISABLED, PREFERRED, REQUIRED, VERIFY_CA or VERIFY_IDENTITY";
  return (
    meaningOf(parameter, ["ssl-mode", "ssl_mode", "sslMode", "sslmode"], MODES, listed) ??
    meaningOf(parameter, ["sslaccept"], ACCEPT, "strict or accept_invalid_certs") ??
    meaningOf(parameter, ["tls"], GO, "true, false, skip-verify or preferred") ??
    legacyJava(parameter) ??
    sslOf(parameter) ??
    pythonMode(parameter, ca)
  );
};

/** Connector/J before 8.0.13: `useSSL=true` alone falls back to plain text. */
const legacyJava = (parameter: Parameter): Tls["mode"] | undefined => {
  const used = switchOf(parameter, ["useSSL", "useSsl"]);
  if (used !== true) return used === false ? "off" : undefined;
  return switchOf(parameter, ["requireSSL"]) === true || switchOf(parameter, ["verifyServerCertificate"]) === true ? "require" : "off";
};

/** [mysql2](https://sidorares.github.io/node-mysql2/docs/documentation/ssl): JSON or a profile name; a switch in other libraries. */
const sslOf = (parameter: Parameter): Tls["mode"] | undefined => {
  const text = parameter("ssl");
  if (text === undefined) return undefined;
  if (text === "Amazon RDS") return "verify-full";
  if (text.startsWith("{")) return /"rejectUnauthorized"\s*:\s*false/.test(text) ? "require" : "verify-full";
  return switchOf(parameter, ["ssl"]) === true ? "require" : "off";
};

/**
 * [PyMySQL](https://pymysql.readthedocs.io/en/latest/modules/connections.html): a CA enables TLS and verification, including
 * the host, unless one of the other parameters is set: the way SQLAlchemy passes them on, the host is then not checked.
 */
const pythonMode = (parameter: Parameter, ca: string | undefined): Tls["mode"] => {
  const [cert, host] = [switchOf(parameter, ["ssl_verify_cert"]), switchOf(parameter, ["ssl_check_hostname"])];
  if (switchOf(parameter, ["ssl_disabled"]) === true) return "off";
  if (ca === undefined) return cert === undefined ? "off" : "require";
  return cert === undefined && host !== false ? "verify-full" : "require";
};

/**
 * The TLS parameters for a scheme's client library: JSON for mysql2 and `mysql`, which ignore `ssl-mode`; `sslMode` for Java; for a
 * `+driver`, the parameters that SQLAlchemy passes on.
 *
 * @throws EndowError `CONNECTION_FIELD_INVALID` for a driver whose URL cannot express it
 */
export const mysqlTlsParameters = ({ mode, ca }: Tls, scheme: string): Readonly<Record<string, string | undefined>> => {
  if (mode === "off") return {};
  const isVerified = mode === "verify-full";
  if (/^(?:jdbc|r2dbcs?):/.test(scheme)) return { sslMode: isVerified ? "VERIFY_IDENTITY" : "REQUIRED" };
  const driver = scheme.split("+")[1];
  if (driver === undefined) return { ssl: JSON.stringify({ rejectUnauthorized: isVerified }) };
  if (driver === "mysqldb") return { ssl_mode: isVerified ? "VERIFY_IDENTITY" : "REQUIRED", ssl_ca: ca };
  if (ca !== undefined) return { ssl_ca: ca };
  if (driver === "pymysql" && !isVerified) return { ssl_verify_cert: "true" };
  throw unwritable(
    `a URL for ${driver} cannot ask for TLS without a CA file`,
    "set TLS in the app's code, or use the scheme mysql+pymysql or mysql+mysqldb",
  );
};
