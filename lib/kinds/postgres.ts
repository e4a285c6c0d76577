import { z } from "zod/v4";
import { Connection, fieldsOfConnection } from "../connection/connection";
import { readConnection } from "../connection/parts";
import {
  formatPostgresUrl,
  isJdbc,
  postgresProtocol,
  postgresTlsParameters,
  POSTGRES_SCHEME,
  type PostgresConnection,
  type PostgresFields,
} from "../connection/postgres";
import type { Tls } from "../connection/tls";
import { connectionSchema } from "../connection/schema";
import { connectionVariables, partEncoders, type ConnectionField } from "../connection/variables";
import type { Versions } from "../container";
import { builderOf, type Builder } from "../setting";
import { defineKind, type Role, type RoleProgram, type Step, type VariableTexts } from "../kind";
import { once } from "../internal/once";
import { identifier as id, literal } from "../roles/sql";
import { checkParams, paramsOption } from "./params-option";
import { type ServerOption, serverOption } from "./server-option";
import { passwordWeaknesses } from "./weakness";

/** Options of a PostgreSQL database. */
export interface PostgresOptions {
  /**
   * The server of the database. Settings with the same server share it.
   * @default "postgres"
   */
  readonly server?: ServerOption;
  /**
   * Major version of the server.
   * @default "17"
   */
  readonly version?: "14" | "15" | "16" | "17" | "18";
  /**
   * URL scheme that the client library expects: `postgresql+asyncpg` for SQLAlchemy, `jdbc:postgresql` for Java, `ecto`, `postgis`.
   * @default "postgresql"
   */
  readonly scheme?: string;
  /**
   * Query parameters of a provisioned URL, beside those for TLS, which they cannot lower: `{ sslmode: "disable" }` for Go's lib/pq.
   * @default - none
   */
  readonly params?: Readonly<Record<string, string>>;
  /**
   * Extensions of the database. Removing one from the list does not drop it, because data may depend on it.
   * @default []
   */
  readonly extensions?: readonly string[];
  /**
   * Whether the app's tools may create databases: the shadow database of Prisma, the test database of Django, `sequelize db:create`. At most 16 at a time,
   * which belong to the setting's owner role, are closed to the logins of other settings at the next deploy, and are deleted with the setting's own.
   * Never in production, and never on a server that you give.
   * @default - true in development, false elsewhere
   */
  readonly createDatabases?: boolean;
}

/** How many databases a setting's tools may create. */
export const MAX_CREATED_DATABASES = 16;

const versions = {
  servers: ["14", "15", "16", "17", "18"],
  clients: {
    // https://www.psycopg.org/psycopg3/docs/basic/install.html, https://www.psycopg.org/docs/install.html, https://magicstack.github.io/asyncpg
    "pypi:psycopg": ["14", "15", "16", "17", "18"],
    "pypi:psycopg2": ["14", "15", "16", "17", "18"],
    "pypi:asyncpg": ["14", "15", "16", "17", "18"],
  },
} as const satisfies Versions;

/** Schema of the options; documented in `PostgresOptions`. */
const options = once(() =>
  z
    .strictObject({
      server: serverOption(),
      version: z.enum(versions.servers).default("17"),
      scheme: z
        .string()
        .regex(
          POSTGRES_SCHEME,
          "must be a scheme that can be provisioned: postgresql, postgres, either with a +driver, postgis, ecto, jdbc:postgresql",
        )
        .default("postgresql"),
      params: paramsOption(),
      extensions: z
        .array(
          z.string().regex(/^[a-z][a-z0-9_-]{0,62}$/, "an extension's name must start with a letter and contain only a-z, 0-9, _ and -"),
        )
        .readonly()
        .default([]),
      createDatabases: z.boolean().optional(),
    })
    .superRefine(checkParams(postgresProtocol, ({ scheme }) => scheme)),
);

type Options = z.output<ReturnType<typeof options>>;

const { url, host, port, username, password, database, tls } = connectionVariables;

const read = (texts: VariableTexts, scheme: string): PostgresConnection => {
  const form = { scheme, tlsParameters: (one: Tls) => postgresTlsParameters(one, scheme), loginInQuery: isJdbc(scheme) };
  const found = readConnection(texts, postgresProtocol, form);
  return new Connection(found.url, found.parts);
};

const kind = defineKind({
  name: "postgres",
  secret: true,
  options,
  optionsIn: ({ createDatabases, ...others }: Options, { environment, ownServer }) => {
    // The owner of another server decides what a role may do there.
    if (!ownServer) return others;
    return { ...others, createDatabases: environment !== "production" && (createDatabases ?? environment === "development") };
  },
  variables: [url, host, port, { ...username, required: true }, { ...password, required: true }, { ...database, required: true }, tls],
  sharedFields: () => ["host", "port", "tls"],
  fields: {
    host: "public",
    port: "public",
    database: "public",
    username: "public",
    password: "secret",
    tls: "public",
  },
  exampleFields: { host: "localhost", port: 5432, database: "example", username: "example", password: "example", tls: { mode: "off" } },
  encode: { ...partEncoders, url: (fields: PostgresFields, { scheme, params }: Options) => formatPostgresUrl(fields, scheme, params) },
  decode: fieldsOfConnection<string>,
  schema: ({ scheme }: Options) => connectionSchema((texts) => read(texts, scheme)),
  weaknesses: ({ username, password }) => passwordWeaknesses(username, password.reveal()),
  server: ({ server, version }: Options) => ({ ...server, version }),
  versions,
  container: {
    // Pinned to the Debian release too: a C library with another collation order corrupts indexes.
    images: {
      "14": "docker.io/library/postgres:14.24-bookworm",
      "15": "docker.io/library/postgres:15.19-bookworm",
      "16": "docker.io/library/postgres:16.15-bookworm",
      "17": "docker.io/library/postgres:17.11-bookworm",
      "18": "docker.io/library/postgres:18.6-bookworm",
    } satisfies Readonly<Record<Options["version"], string>>,
    version: "17",
    port: postgresProtocol.defaultPort,
    user: 999,
    environment: {
      // A subfolder of the volume, because the volume itself may contain lost+found.
      PGDATA: "/var/lib/postgresql/cluster",
      // Otherwise connections from inside the container, including the probe's, need no password.
      POSTGRES_INITDB_ARGS: "--auth-host=scram-sha-256 --auth-local=scram-sha-256",
    },
    administrator: { username: "POSTGRES_USER", password: "POSTGRES_PASSWORD" },
    volume: "/var/lib/postgresql",
    // Over TCP: while the image initializes the data folder, its server listens only on a socket.
    probe: [
      "sh",
      "-c",
      'PGPASSWORD="$POSTGRES_PASSWORD" exec psql -XAtqw -h 127.0.0.1 -p 5432 -U "$POSTGRES_USER" -d postgres -c "select 1"',
    ],
  },
});

const role: RoleProgram<Options> = {
  port: postgresProtocol.defaultPort,
  ensure: (role, { extensions, createDatabases }) => [
    ...makeOwner(role),
    ...makeLogin(role),
    makeDatabase(role),
    ...(createDatabases === undefined ? [] : createDatabases ? allowDatabases(role) : refuseDatabases(role)),
    closeOwnToPublic(role),
    ...extensions.map(extension),
    giveToOwner(role),
  ],
  isolate: () => ["postgres", "template1"].map(closeToPublic),
  disable: (role) => closeLogin(role),
  drop: ({ owner, login, database }) => [
    // First, because a tool could go on creating databases.
    ...closeLogin({ login }),
    onServer(`drop database if exists ${id(database)} with (force)`),
    generated(
      `select format('alter database %I is_template false', datname) from pg_database where datistemplate and ${ownedBy(owner)} ` +
        `union all select format('drop database if exists %I with (force)', datname) from pg_database where ${ownedBy(owner)}`,
    ),
    // Privileges on other databases, which would keep the roles.
    generated(`select format('drop owned by %I', rolname) from pg_roles where rolname in (${literal(login)}, ${literal(owner)})`),
    onServer(`drop role if exists ${id(login)}`),
    onServer(`drop role if exists ${id(owner)}`),
  ],
};

/** A dedicated PostgreSQL database and a login that acts as its owner and has no other access, in one variable: `DATABASE_URL`. */
export const postgresKind = { ...kind, role };

const onServer = (run: string, unless?: string): Step => ({ on: "server", ...(unless !== undefined && { unless }), run });

const generated = (run: string, unless?: string): Step => ({ ...onServer(run, unless), generates: true });

const closeLogin = ({ login }: Pick<Role, "login">): readonly Step[] => [
  onServer(
    `alter role ${id(login)} nologin`,
    `select 1 where not exists (select from pg_roles where rolname = ${literal(login)} and rolcanlogin)`,
  ),
  onServer(`select pg_terminate_backend(pid) from pg_stat_activity where usename = ${literal(login)}`),
];

const exists = (role: string): string => `select 1 from pg_roles where rolname = ${literal(role)}`;

/** An administrator that is not a superuser can act for a role only as its member. */
const join = (role: string): Step => onServer(`grant ${id(role)} to current_user`);

const makeOwner = ({ owner }: Role): readonly Step[] => [onServer(`create role ${id(owner)} nologin`, exists(owner)), join(owner)];

/** A member from the start, which marks it as the owner's. What it creates belongs to the owner, unless it runs `set role none`. */
const makeLogin = ({ owner, login, verifier }: Role): readonly Step[] => [
  onServer(`create role ${id(login)} login in role ${id(owner)}`, exists(login)),
  onServer(`alter role ${id(login)} login password ${literal(verifier)}`),
  onServer(`grant ${id(owner)} to ${id(login)}`, `select 1 where pg_has_role(${literal(login)}, ${literal(owner)}, 'member')`),
  join(login),
  onServer(`alter role ${id(login)} set role ${literal(owner)}`),
];

/** The owner may create objects in the schema `public`: from version 15 on only the owner may; before, everyone who can connect. */
const makeDatabase = ({ owner, database }: Role): Step =>
  onServer(`create database ${id(database)} owner ${id(owner)}`, `select 1 from pg_database where datname = ${literal(database)}`);

const giveToOwner = ({ owner, login }: Role): Step => ({ on: "database", run: `reassign owned by ${id(login)} to ${id(owner)}` });

const ownedBy = (owner: string): string => `pg_get_userbyid(datdba) = ${literal(owner)}`;

/** The attribute of the current role counts, not that of the login. PostgreSQL has no limit of its own: the attribute goes once the limit is reached. */
const allowDatabases = ({ owner, database }: Role): readonly Step[] => {
  const mayCreate = `(select count(*) < ${MAX_CREATED_DATABASES} from pg_database where ${ownedBy(owner)} and datname <> ${literal(database)})`;
  return [
    generated(
      `select format('alter role %I ', ${literal(owner)}) || case when ${mayCreate} then 'createdb' else 'nocreatedb' end`,
      `${exists(owner)} and rolcreatedb = ${mayCreate}`,
    ),
    // Tools connect to it to create others. Before version 15, every role may create objects there, unless a superuser has revoked it.
    generated(
      `select format('grant connect on database postgres to %I', ${literal(owner)}) where not has_schema_privilege('public', 'public', 'create')`,
      mayConnect(owner),
    ),
  ];
};

const refuseDatabases = ({ owner }: Role): readonly Step[] => [
  onServer(`alter role ${id(owner)} nocreatedb`, `${exists(owner)} and not rolcreatedb`),
  onServer(`revoke connect on database postgres from ${id(owner)}`, `select 1 where not exists (${mayConnect(owner)})`),
];

const mayConnect = (owner: string): string => `select 1 where has_database_privilege(${literal(owner)}, 'postgres', 'connect')`;

/** Grants of the privilege to connect that every role has, which is PostgreSQL's default for each new database. */
const openToPublic =
  "from pg_database, aclexplode(coalesce(datacl, acldefault('d', datdba))) where grantee = 0 and privilege_type = 'CONNECT'";

/** Includes what tools created, and the setting's own database if they recreated it. */
const closeOwnToPublic = ({ owner }: Role): Step =>
  generated(
    `select format('revoke connect on database %I from public', datname) ${openToPublic} and ${ownedBy(owner)}`,
    `select 1 where not exists (select ${openToPublic} and ${ownedBy(owner)})`,
  );

const closeToPublic = (database: string): Step =>
  onServer(
    `revoke connect on database ${id(database)} from public`,
    `select 1 where not exists (select ${openToPublic} and datname = ${literal(database)})`,
  );

const extension = (name: string): Step => ({
  on: "database",
  unless: `select 1 from pg_extension where extname = ${literal(name)}`,
  run: `create extension if not exists ${id(name)}`,
});

/** A dedicated PostgreSQL database with a login that acts as its owner: `DATABASE_URL`. Pass `config.databaseUrl.reveal()` to the client. */
export const postgresUrl: Builder<PostgresOptions, PostgresConnection, "postgres", ConnectionField> = builderOf(postgresKind);
