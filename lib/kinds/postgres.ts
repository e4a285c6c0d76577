import { z } from "zod";
import type { PostgresConnection } from "../connection/connection";
import { formatPostgresUrl, postgresProtocol, POSTGRES_SCHEME, type PostgresFields } from "../connection/postgres";
import { parseUrl } from "../connection/parse";
import { connectionSchema } from "../connection/schema";
import type { Versions } from "../container";
import { builderOf, type Builder } from "../setting";
import { defineKind, type Role, type RoleProgram, type Step, type VariableTexts } from "../kind";
import { once } from "../internal/once";
import { identifier as id, literal } from "../roles/sql";
import { type ServerOption, serverOption } from "./server-option";
import { isPlaceholder } from "./weakness";

/** What can be said about a PostgreSQL database. */
export interface PostgresOptions {
  /**
   * The server that the database is on: settings that name the same one share it.
   * @default "postgres"
   */
  readonly server?: ServerOption;
  /**
   * Major version of the server.
   * @default "17"
   */
  readonly version?: "14" | "15" | "16" | "17" | "18";
  /**
   * URL scheme that the client library wants: `postgresql+asyncpg` for SQLAlchemy.
   * @default "postgresql"
   */
  readonly scheme?: string;
  /**
   * Extensions that the database has. One taken out of the list stays in the database, with the data that needs it.
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

/** What the options must be; `PostgresOptions` is the same in words. */
const options = once(() =>
  z.strictObject({
    server: serverOption(),
    version: z.enum(versions.servers).default("17"),
    scheme: z.string().regex(POSTGRES_SCHEME, "a scheme is postgresql or postgres, with or without a +driver").default("postgresql"),
    extensions: z
      .array(z.string().regex(/^[a-z][a-z0-9_-]{0,62}$/, "an extension's name is made of a-z, 0-9, _ and -"))
      .readonly()
      .default([]),
  }),
);

type Options = z.output<ReturnType<typeof options>>;

const schema = once((): z.ZodType<PostgresConnection, VariableTexts> =>
  connectionSchema((texts) => parseUrl(texts[""] ?? "", postgresProtocol)),
);

const kind = defineKind({
  name: "postgres",
  secret: true,
  options,
  variables: () => [{ suffix: "", secret: true, required: true }],
  fields: {
    host: "public",
    port: "public",
    database: "public",
    username: "public",
    password: "secret",
    tls: "public",
  },
  exampleFields: { host: "localhost", port: 5432, database: "example", username: "example", password: "example", tls: { mode: "off" } },
  encode: (fields: PostgresFields, { scheme }: Options) => ({ "": formatPostgresUrl(fields, scheme) }),
  schema,
  weaknesses: ({ password }) =>
    password.reveal() !== "" && isPlaceholder(password.reveal()) ? ["has a password that looks like a placeholder"] : [],
  server: ({ server, version }: Options) => ({ ...server, version }),
  versions,
  container: {
    // By the Debian release, too: a C library that sorts texts in another order makes an index wrong.
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
      // Below the volume in each version, and not the volume itself, which may have a lost+found.
      PGDATA: "/var/lib/postgresql/cluster",
      // Else connections from inside the container need no password, the probe's among them.
      POSTGRES_INITDB_ARGS: "--auth-host=scram-sha-256 --auth-local=scram-sha-256",
    },
    administrator: { username: "POSTGRES_USER", password: "POSTGRES_PASSWORD" },
    volume: "/var/lib/postgresql",
    // By TCP: while the image makes the data folder, its server listens on a socket alone.
    probe: [
      "sh",
      "-c",
      'PGPASSWORD="$POSTGRES_PASSWORD" exec psql -XAtqw -h 127.0.0.1 -p 5432 -U "$POSTGRES_USER" -d postgres -c "select 1"',
    ],
  },
});

const role: RoleProgram<Options> = {
  engine: "sql",
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

/** A PostgreSQL database of its own, and a login that works as its owner and reaches nothing else, in one variable: `DATABASE_URL`. */
export const postgresKind = { ...kind, role };

const onServer = (run: string, unless?: string): Step => ({ on: "server", ...(unless !== undefined && { unless }), run });

const exists = (role: string): string => `select 1 from pg_roles where rolname = ${literal(role)}`;

/** An administrator who is no superuser does nothing for a role that it is not a member of. */
const join = (role: string): Step => onServer(`grant ${id(role)} to current_user`);

const makeOwner = ({ owner }: Role): readonly Step[] => [onServer(`create role ${id(owner)} nologin`, exists(owner)), join(owner)];

/** A member from the beginning, so that it is known to be the owner's. What it makes is the owner's, unless it says \`set role none\`. */
const makeLogin = ({ owner, login, verifier }: Role): readonly Step[] => [
  onServer(`create role ${id(login)} login in role ${id(owner)}`, exists(login)),
  onServer(`alter role ${id(login)} login password ${literal(verifier)}`),
  onServer(`grant ${id(owner)} to ${id(login)}`, `select 1 where pg_has_role(${literal(login)}, ${literal(owner)}, 'member')`),
  join(login),
  onServer(`alter role ${id(login)} set role ${literal(owner)}`),
];

/** Its owner may create in the schema `public`: from version 15 on that is the owner's alone, before it is everybody's who can connect. */
const makeDatabase = ({ owner, database }: Role): Step =>
  onServer(`create database ${id(database)} owner ${id(owner)}`, `select 1 from pg_database where datname = ${literal(database)}`);

const giveToOwner = ({ owner, login }: Role): Step => ({ on: "database", run: `reassign owned by ${id(login)} to ${id(owner)}` });

/** PostgreSQL lets every role connect to every database. */
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

/** A PostgreSQL database of its own, with a login that works as its owner: `DATABASE_URL`. `config.databaseUrl.reveal()` for the client library, `.host` and the like for the rest. */
export const postgresUrl: Builder<PostgresOptions, PostgresConnection, "postgres"> = builderOf(postgresKind);
