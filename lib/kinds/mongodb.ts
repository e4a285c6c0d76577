import { z } from "zod/v4";
import { fieldsOfConnection } from "../connection/connection";
import { MongodbConnection, mongodbProtocol, mongodbTlsParameters } from "../connection/mongodb";
import { readConnection } from "../connection/parts";
import { connectionSchema } from "../connection/schema";
import { connectionVariables, type ConnectionField } from "../connection/variables";
import { once } from "../internal/once";
import { defineKind, type VariableTexts } from "../kind";
import { builderOf, type Builder } from "../setting";
import { suppliedConnection, suppliedEncoders, suppliedExample, suppliedFields, type SuppliedFields } from "./supplied-connection";

interface MongodbFields extends SuppliedFields {
  /** "" if none. */
  readonly database: string;
}

const { url, host, port, username, password, database, tls } = connectionVariables;

const schema = once((): z.ZodType<MongodbConnection, VariableTexts> =>
  connectionSchema((texts) => {
    const found = readConnection(texts, mongodbProtocol, {
      scheme: "mongodb",
      tlsParameters: mongodbTlsParameters,
      whenTrue: "verify-full",
    });
    return new MongodbConnection(found.url, found.parts);
  }),
);

/** A MongoDB database that the user supplies, as a URL or as parts. */
const mongodbKind = defineKind({
  ...suppliedConnection,
  name: "mongodb",
  options: once(() => z.strictObject({})),
  variables: [url, host, port, username, password, database, tls],
  fields: { ...suppliedFields, database: "public" },
  exampleFields: { ...suppliedExample(mongodbProtocol.defaultPort), database: "example" },
  encode: suppliedEncoders<MongodbFields, object>(
    () => "mongodb",
    (fields) => mongodbTlsParameters(fields.tls),
  ),
  decode: (connection: MongodbConnection): MongodbFields => fieldsOfConnection(connection),
  schema,
});

/** A MongoDB database that you supply: `MONGODB_URL`. Pass `config.mongodbUrl.reveal()` to the client. */
export const mongodbUrl: Builder<object, MongodbConnection, "mongodb", ConnectionField> = builderOf(mongodbKind);
