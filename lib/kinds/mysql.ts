import { z } from "zod/v4";
import { Connection, fieldsOfConnection } from "../connection/connection";
import { MYSQL_SCHEME, mysqlProtocol, mysqlTlsParameters, type MysqlConnection } from "../connection/mysql";
import { readConnection } from "../connection/parts";
import { connectionSchema } from "../connection/schema";
import type { Tls } from "../connection/tls";
import { connectionVariables, type ConnectionField } from "../connection/variables";
import { once } from "../internal/once";
import { defineKind, type VariableTexts } from "../kind";
import { builderOf, type Builder } from "../setting";
import { suppliedConnection, suppliedEncoders, suppliedExample, suppliedFields, type SuppliedFields } from "./supplied-connection";

/** Options of a MySQL or MariaDB database. */
export interface MysqlOptions {
  /**
   * Scheme of a URL composed of parts: `mysql+aiomysql` for SQLAlchemy, `jdbc:mysql` for Java.
   * @default "mysql"
   */
  readonly scheme?: string;
}

/** Schema of the options; documented in `MysqlOptions`. */
const options = once(() =>
  z.strictObject({ scheme: z.string().regex(MYSQL_SCHEME, "must be mysql or mariadb, with or without a +driver").default("mysql") }),
);

type Options = z.output<ReturnType<typeof options>>;

interface MysqlFields extends SuppliedFields {
  /** "" if none. */
  readonly database: string;
}

const { url, host, port, username, password, database, tls } = connectionVariables;

const read = (texts: VariableTexts, scheme: string): MysqlConnection => {
  const form = {
    scheme,
    tlsParameters: (one: Tls) => mysqlTlsParameters(one, scheme),
    loginInQuery: scheme.startsWith("jdbc:"),
    // Python's drivers do not check the host without a CA file.
    whenTrue: scheme.includes("+") ? "require" : "verify-full",
  } as const;
  const found = readConnection(texts, mysqlProtocol, form);
  return new Connection(found.url, found.parts);
};

/** A MySQL or MariaDB database that the user supplies, as a URL or as parts. */
const mysqlKind = defineKind({
  ...suppliedConnection,
  name: "mysql",
  options,
  variables: [url, host, port, username, password, database, tls],
  fields: { ...suppliedFields, database: "public" },
  exampleFields: { ...suppliedExample(mysqlProtocol.defaultPort), database: "example" },
  encode: suppliedEncoders<MysqlFields, Options>(
    (_fields, { scheme }) => scheme,
    (fields, scheme) => mysqlTlsParameters(fields.tls, scheme),
  ),
  decode: (connection: MysqlConnection): MysqlFields => fieldsOfConnection(connection),
  schema: ({ scheme }: Options): z.ZodType<MysqlConnection, VariableTexts> => connectionSchema((texts) => read(texts, scheme)),
});

/** A MySQL or MariaDB database that you supply: `DATABASE_URL`. Pass `config.databaseUrl.reveal()` to the client. */
export const mysqlUrl: Builder<MysqlOptions, MysqlConnection, "mysql", ConnectionField> = builderOf(mysqlKind);
