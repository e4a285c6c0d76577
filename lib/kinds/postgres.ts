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
import { defineKind, type VariableTexts } from "../kind";
import { once } from "../internal/once";
import type { Spelling } from "../text-values";
import { booleanOption } from "./boolean-option";
import { checkParams, paramsOption } from "./params-option";
import { postgresRole } from "./postgres/role";
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
   * Further query parameters of a provisioned URL, which cannot weaken TLS: `{ sslmode: "disable" }` for Go's lib/pq.
   * @default - none
   */
  readonly params?: Readonly<Record<string, string>>;
  /**
   * How true is written in the variable `tls`, and false accordingly, for an app that knows one spelling: `"True"`, `"1"`. All spellings are read.
   * @default "true"
   */
  readonly boolean?: Spelling;
  /**
   * Extensions of the database. Removing one from the list does not drop it, because data may depend on it.
   * @default []
   */
  readonly extensions?: readonly string[];
  /**
   * Whether the app's tools may create databases: the shadow database of Prisma, the test database of Django, `sequelize db:create`. At most 16 may
   * exist at a time. They belong to the setting's owner role, are closed to other settings' logins at the next deploy, and are deleted with the
   * setting's own database. Never applies in production or on a server that you provide.
   * @default - true in development, false elsewhere
   */
  readonly createDatabases?: boolean;
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
  z
    .strictObject({
      server: serverOption(),
      version: z.enum(versions.servers).default("17"),
      scheme: z
        .string()
        .regex(
          POSTGRES_SCHEME,
          "must be a scheme that can be provisioned: postgresql or postgres, with or without a +driver, postgis, ecto, jdbc:postgresql",
        )
        .default("postgresql"),
      params: paramsOption(),
      boolean: booleanOption(),
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
    // On other servers, their owner decides what a role may do.
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

/** A dedicated PostgreSQL database and a login that acts as its owner and has no other access, in one variable: `DATABASE_URL`. */
export const postgresKind = { ...kind, role: postgresRole };

/** A dedicated PostgreSQL database with a login that acts as its owner: `DATABASE_URL`. Pass `config.databaseUrl.reveal()` to the client. */
export const postgresUrl: Builder<PostgresOptions, PostgresConnection, "postgres", ConnectionField> = builderOf(postgresKind);
