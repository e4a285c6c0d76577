import { z } from "zod";
import type { PostgresConnection } from "../connection/connection";
import { formatPostgresUrl, postgresProtocol, POSTGRES_SCHEME, type PostgresFields } from "../connection/postgres";
import { connectionSchema } from "../connection/schema";
import { builderOf, type Builder } from "../setting";
import { defineKind, type Role, type RoleSteps, type Step, type VariableTexts } from "../kind";
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

/** What the options must be; `PostgresOptions` is the same in words. */
const options = once(() =>
  z.strictObject({
    server: serverOption(),
    version: z.enum(["14", "15", "16", "17", "18"]).default("17"),
    scheme: z.string().regex(POSTGRES_SCHEME, "a scheme is postgresql or postgres, with or without a +driver").default("postgresql"),
    extensions: z
      .array(z.string().regex(/^[a-z][a-z0-9_-]{0,62}$/, "an extension's name is made of a-z, 0-9, _ and -"))
      .readonly()
      .default([]),
  }),
);

type Options = z.output<ReturnType<typeof options>>;

const schema = once((): z.ZodType<PostgresConnection, VariableTexts> => connectionSchema(postgresProtocol));

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
  encode: (fields: PostgresFields, { scheme }: Options) => ({ "": formatPostgresUrl(fields, scheme) }),
  schema,
  example: ({ scheme }: Options) => ({ "": `${scheme}://example:example@localhost:5432/example` }),
  weaknesses: ({ password }) =>
    password.reveal() !== "" && isPlaceholder(password.reveal()) ? ["has a password that looks like a placeholder"] : [],
  server: ({ server, version }: Options) => ({ ...server, version }),
});

const role: RoleSteps<Options> = {
  port: postgresProtocol.defaultPort,
  ensure: (role, { extensions }) => [...login(role), ...ownDatabase(role), closeToPublic(role.database), ...extensions.map(extension)],
  isolate: () => ["postgres", "template1"].map(closeToPublic),
  disable: ({ username }) => [
    onServer(
      `alter role ${id(username)} nologin`,
      `select 1 where not exists (select from pg_roles where rolname = ${literal(username)} and rolcanlogin)`,
    ),
    onServer(`select pg_terminate_backend(pid) from pg_stat_activity where usename = ${literal(username)}`),
  ],
  drop: ({ username, database }) => [
    onServer(`drop database if exists ${id(database)} with (force)`),
    onServer(`drop role if exists ${id(username)}`),
  ],
};

/** A PostgreSQL database of its own, and a role that owns it and nothing else, in one variable: `DATABASE_URL`. */
export const postgresKind = { ...kind, role };

const onServer = (run: string, unless?: string): Step => ({
  on: "server",
  as: "administrator",
  ...(unless !== undefined && { unless }),
  run,
});

const login = ({ username, verifier }: Role): readonly Step[] => [
  onServer(`create role ${id(username)} login`, `select 1 from pg_roles where rolname = ${literal(username)}`),
  onServer(`alter role ${id(username)} login password ${literal(verifier)}`),
];

/** As its owner the role may create in the schema `public`: from version 15 on that is the owner's alone, before it is everybody's who can connect. */
const ownDatabase = ({ username, database }: Role): readonly Step[] => [
  // A managed server's administrator is no superuser: it makes nothing for a role that it is not a member of.
  onServer(`grant ${id(username)} to current_user`),
  onServer(`create database ${id(database)} owner ${id(username)}`, `select 1 from pg_database where datname = ${literal(database)}`),
];

/** PostgreSQL lets every role connect to every database. */
const closeToPublic = (database: string): Step =>
  onServer(
    `revoke connect on database ${id(database)} from public`,
    `select 1 where not exists (select from pg_database, aclexplode(coalesce(datacl, acldefault('d', datdba))) ` +
      `where datname = ${literal(database)} and grantee = 0 and privilege_type = 'CONNECT')`,
  );

const extension = (name: string): Step => ({
  on: "database",
  as: "administrator",
  unless: `select 1 from pg_extension where extname = ${literal(name)}`,
  run: `create extension if not exists ${id(name)}`,
});

/** A PostgreSQL database of its own, with a role that owns it: `DATABASE_URL`. `config.databaseUrl.reveal()` for the client library, `.host` and the like for the rest. */
export const postgresUrl: Builder<PostgresOptions, PostgresConnection, "postgres"> = builderOf(postgresKind);
