import type { Connection } from "../connection/connection";
import { formatUrl } from "../connection/format";
import type { Tls } from "../connection/tls";
import { partEncoders } from "../connection/variables";
import type { Visibility } from "../kind";
import { passwordWeaknesses } from "./weakness";

/** Fields of a server that only users can supply. */
export interface SuppliedFields {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
  readonly tls: Tls;
}

/** The visibility of these fields. */
export const suppliedFields = {
  host: "public",
  port: "public",
  username: "public",
  password: "secret",
  tls: "public",
} as const satisfies { readonly [F in keyof SuppliedFields]: Visibility };

/** Example fields of a server on the default port. */
export const suppliedExample = (port: number): SuppliedFields => ({
  host: "localhost",
  port,
  username: "example",
  password: "fake-secret",
  tls: { mode: "off" },
});

/** The fields of a connection. */
export const suppliedFieldsOf = ({ host, port, username, password, tls }: Connection): SuppliedFields => ({
  host,
  port,
  username,
  password: password.reveal(),
  tls,
});

/** The common part of kinds that connect to a server that only users can supply. */
export const suppliedConnection = {
  secret: true,
  /** Two settings may point to one server, so their variables may hold the same password. */
  secrets: (): readonly string[] => [],
  weaknesses: ({ username, password }: Connection): readonly string[] => passwordWeaknesses(username, password.reveal()),
} as const;

/** Encodes the parts, and the URL in a scheme. */
export const suppliedEncoders = <Fields extends SuppliedFields & { readonly database?: string }, Options>(
  schemeOf: (fields: Fields, options: Options) => string,
  tlsParameters: (fields: Fields, scheme: string) => Readonly<Record<string, string | undefined>>,
) => ({
  ...partEncoders,
  tls: (fields: Fields) => partEncoders.tls(fields, {}),
  url: (fields: Fields, options: Options) => {
    const scheme = schemeOf(fields, options);
    const { database = "", ...rest } = fields;
    const parts = { ...rest, ...(database !== "" && { database: encodeURIComponent(database) }) };
    return formatUrl({ ...parts, scheme, parameters: tlsParameters(fields, scheme), loginInQuery: scheme.startsWith("jdbc:") });
  },
});
