import type { Connection } from "../connection/connection";
import { formatUrl } from "../connection/format";
import type { Tls } from "../connection/tls";
import { partEncoders } from "../connection/variables";
import type { Visibility } from "../kind";
import { passwordWeaknesses } from "./weakness";

/** Fields of a server that only the user can supply. */
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

/** The fields that a connection was made from. */
export const suppliedFieldsOf = ({ host, port, username, password, tls }: Connection): SuppliedFields => ({
  host,
  port,
  username,
  password: password.reveal(),
  tls,
});

/** What kinds have in common whose values connect to a server that only the user can supply. */
export const suppliedConnection = {
  secret: true,
  /** Two settings may lead to one server, so that their variables hold the same password. */
  secrets: (): readonly string[] => [],
  weaknesses: ({ username, password }: Connection): readonly string[] => passwordWeaknesses(username, password.reveal()),
} as const;

/** Encodes the parts, and the URL of a scheme. */
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
