import { z } from "zod/v4";
import { Connection } from "../connection/connection";
import { natsProtocol, tokenAsPassword, tokenAsUser, type NatsConnection } from "../connection/nats";
import { readConnection, flagOf } from "../connection/parts";
import { connectionSchema } from "../connection/schema";
import { connectionVariables, type ConnectionField } from "../connection/variables";
import { once } from "../internal/once";
import { defineKind, type VariableTexts } from "../kind";
import { builderOf, type Builder } from "../setting";
import {
  suppliedConnection,
  suppliedEncoders,
  suppliedExample,
  suppliedFields,
  suppliedFieldsOf,
  type SuppliedFields,
} from "./supplied-connection";

const { url, host, port, username, password, tls } = connectionVariables;

const schema = once((): z.ZodType<NatsConnection, VariableTexts> =>
  connectionSchema((texts) => {
    const scheme = flagOf("tls", texts["tls"]) ? "tls" : "nats";
    const { username: user = "", password: word = "" } = texts;
    const given = texts["url"] === undefined ? { ...texts, ...tokenAsUser({ username: user, password: word }) } : texts;
    const found = readConnection(given, natsProtocol, { scheme, tlsParameters: () => ({}), whenTrue: "verify-full" });
    return new Connection(found.url, texts["url"] === undefined ? tokenAsPassword(found.parts) : found.parts);
  }),
);

const encoders = suppliedEncoders<SuppliedFields, object>(
  (fields) => (fields.tls.mode === "off" ? "nats" : "tls"),
  () => ({}),
);

/** A NATS server or cluster that the user supplies, as a URL, a list of URLs, or parts. */
const natsKind = defineKind({
  ...suppliedConnection,
  name: "nats",
  options: once(() => z.strictObject({})),
  variables: [url, host, port, username, password, tls],
  fields: suppliedFields,
  exampleFields: suppliedExample(natsProtocol.defaultPort),
  encode: { ...encoders, url: (fields: SuppliedFields) => encoders.url(tokenAsUser(fields), {}) },
  decode: (connection: NatsConnection): SuppliedFields => suppliedFieldsOf(connection),
  schema,
});

/** A NATS server or cluster that you supply: `NATS_URL`. Use `config.natsUrl.hosts`, `.username` and `.password`, or `.reveal()`. */
export const natsUrl: Builder<object, NatsConnection, "nats", Exclude<ConnectionField, "database">> = builderOf(natsKind);
