import { z } from "zod/v4";
import { Connection, fieldsOfConnection } from "../connection/connection";
import { readConnection } from "../connection/parts";
import {
  formatPostgresUrl,
  postgresProtocol,
  postgresTlsParameters,
  POSTGRES_SCHEME,
  type PostgresConnection,
  type PostgresFields,
} from "../connection/postgres";
import { connectionSchema } from "../connection/schema";
import { connectionVariables, partEncoders, type ConnectionField } from "../connection/variables";
import type { Versions } from "../container";
import { builderOf, type Builder } from "../setting";
import { defineKind, type Role, type RoleProgram, type Step, type VariableTexts } from "../kind";
import { once } from "../internal/once";
import { identifier as id, literal } from "../roles/sql";
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
   * URL scheme that the client library expects: `postgresql+asyncpg` for SQLAlchemy.
   * @default "postgresql"
   */
  readonly scheme?: string;
  /**
   * Extensions of the database. Removing one from the list does not drop it, because data may depend on it.
   * @default []
   */
  readonly extensions?: readonly string[];
}

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
  z.strictObject({
    server: serverOption(),
    version: z.enum(versions.servers).default("17"),
    scheme: z.string().regex(POSTGRES_SCHEME, "must be postgresql or postgres, with or without a +driver").default("postgresql"),
    extensions: z
      .array(z.string().regex(/^[a-z][a-z0-9_-]{0,62}$/, "an extension's name must start with a letter and contain only a-z, 0-9, _ and -"))
      .readonly()
      .default([]),
  }),
);

type Options = z.output<ReturnType<typeof options>>;

const { url, host, port, username, password, database, tls } = connectionVariables;

const read = (texts: VariableTexts, scheme: string): PostgresConnection => {
  const found = readConnection(texts, postgresProtocol, { scheme, tlsParameters: (one) => postgresTlsParameters(one, scheme) });
  return new Connection(found.url, found.parts);
};

const kind = defineKind({
  name: "postgres",
  secret: true,
  options,
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
  encode: { ...partEncoders, url: (fields: PostgresFields, { scheme }: Options) => formatPostgresUrl(fields, scheme) },
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
  ensure: (role, { extensions }) => [
    ...makeOwner(role),
    ...makeLogin(role),
    makeDatabase(role),
    closeToPublic(role.database),
    ...extensions.map(extension),
    giveToOwner(role),
  ],
  isolate: () => ["postgres", "template1"].map(closeToPublic),
  disable: ({ login }) => [
    onServer(
      `alter role ${id(login)} nologin`,
      `select 1 where not exists (select from pg_roles where rolname = ${literal(login)} and rolcanlogin)`,
    ),
    onServer(`select pg_terminate_backend(pid) from pg_stat_activity where usename = ${literal(login)}`),
  ],
  drop: ({ owner, login, database }) => [
    onServer(`drop database if exists ${id(database)} with (force)`),
    onServer(`drop role if exists ${id(login)}`),
    onServer(`drop role if exists ${id(owner)}`),
  ],
};

/** A dedicated PostgreSQL database and a login that acts as its owner and has no other access, in one variable: `DATABASE_URL`. */
export const postgresKind = { ...kind, role };

const onServer = (run: string, unless?: string): Step => ({ on: "server", ...(unless !== undefined && { unless }), run });

const exists = (role: string): string => `select 1 from pg_roles where rolname = ${literal(role)}`;

/** An administrator that is not a superuser can act for a role only as its member. */
const join = (role: string): Step => onServer(`grant ${id(role)} to current_user`);

const makeOwner = ({ owner }: Role): readonly Step[] => [onServer(`create role ${id(owner)} nologin`, exists(owner)), join(owner)];

/** A member from the start, which marks it as the owner's. What it creates belongs to the owner, unless it runs \`set role none\`. */
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

/** By default, PostgreSQL lets every role connect to every database. */
const closeToPublic = (database: string): Step =>
  onServer(
    `revoke connect on database ${id(database)} from public`,
    `select 1 where not exists (select from pg_database, aclexplode(coalesce(datacl, acldefault('d', datdba))) ` +
      `where datname = ${literal(database)} and grantee = 0 and privilege_type = 'CONNECT')`,
  );

const extension = (name: string): Step => ({
  on: "database",
  unless: `select 1 from pg_extension where extname = ${literal(name)}`,
  run: `create extension if not exists ${id(name)}`,
});

/** A dedicated PostgreSQL database with a login that acts as its owner: `DATABASE_URL`. Pass `config.databaseUrl.reveal()` to the client. */
export const postgresUrl: Builder<PostgresOptions, PostgresConnection, "postgres", ConnectionField> = builderOf(postgresKind);
