import type { Variable } from "../kind";
import { spelled, type Spelling } from "../text-values";
import type { Tls } from "./tls";

/** The field of a connection variable. */
export type ConnectionField = "url" | "host" | "port" | "username" | "password" | "database" | "tls";

/** The variables of a connection: by default only its URL, named after the setting. A kind decides which parts a complete value needs. */
export const connectionVariables = {
  url: { field: "url", suffix: "", secret: true, required: true, form: "url" },
  host: { field: "host", secret: false, required: true, form: "parts" },
  port: { field: "port", secret: false, required: false, form: "parts" },
  username: { field: "username", secret: false, required: false, form: "parts" },
  password: { field: "password", secret: true, required: false, form: "parts" },
  database: { field: "database", secret: false, required: false, form: "parts" },
  tls: { field: "tls", secret: false, required: false, form: "parts" },
} as const satisfies { readonly [F in ConnectionField]: Variable & { readonly field: F } };

/** The resource fields behind the parts of a connection. */
export interface PartFields {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
  readonly database?: string | number;
  readonly tls: Tls;
}

/** Encodes the parts. `tls` says whether the connection is encrypted, in the setting's spelling of true and false. */
export const partEncoders = {
  host: ({ host }: PartFields) => host,
  port: ({ port }: PartFields) => String(port),
  username: ({ username }: PartFields) => username,
  password: ({ password }: PartFields) => password,
  database: ({ database }: PartFields) => (database === undefined ? undefined : String(database)),
  tls: ({ tls }: PartFields, { boolean }: { readonly boolean?: Spelling | undefined }) => spelled(tls.mode !== "off", boolean),
};
