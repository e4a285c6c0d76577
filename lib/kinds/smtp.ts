import { z } from "zod/v4";
import { connectionSchema } from "../connection/schema";
import { readSmtp, smtpProtocol, smtpScheme, smtpTlsParameters, type SmtpConnection } from "../connection/smtp";
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

interface SmtpFields extends SuppliedFields {
  readonly secure: boolean;
}

const { suffix: _none, ...url } = connectionVariables.url;
const { host, port, username, password, tls } = connectionVariables;

const schema = once((): z.ZodType<SmtpConnection, VariableTexts> => connectionSchema(readSmtp));

/** A mail server that the user supplies, as parts or as a URL. Most apps read parts, so by default only parts have names. */
const smtpKind = defineKind({
  ...suppliedConnection,
  name: "smtp",
  options: once(() => z.strictObject({})),
  variables: [
    { ...host, suffix: "HOST" },
    { ...port, suffix: "PORT" },
    { ...username, suffix: "USERNAME" },
    { ...password, suffix: "PASSWORD" },
    { field: "secure", secret: false, required: false, form: "parts" },
    tls,
    url,
  ],
  fields: { ...suppliedFields, secure: "public" },
  exampleFields: { ...suppliedExample(smtpProtocol.defaultPort), secure: false },
  encode: {
    ...suppliedEncoders<SmtpFields, object>(
      ({ secure }) => smtpScheme(secure),
      (fields) => smtpTlsParameters(fields.tls, fields.secure),
    ),
    secure: ({ secure }: SmtpFields) => String(secure),
  },
  decode: (connection: SmtpConnection): SmtpFields => ({ ...suppliedFieldsOf(connection), secure: connection.secure }),
  schema,
});

/**
 * A mail server that you supply: `SMTP_HOST`, `SMTP_PORT`, `SMTP_USERNAME` and `SMTP_PASSWORD` for a setting named `smtp`; only the host is
 * required. To read a URL, name its variable: `smtp({ variables: { url: "EMAIL_SERVER" } })`.
 */
export const smtp: Builder<object, SmtpConnection, "smtp", Exclude<ConnectionField, "database"> | "secure"> = builderOf(smtpKind);
