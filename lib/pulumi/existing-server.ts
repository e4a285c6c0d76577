import { Output, type Input } from "@pulumi/pulumi";
import type { Tls } from "../connection/tls";

const EXISTING_SERVER = "endow.existingServer";

/** How a server that somebody else runs is reached, and as whom logins are made there. */
export interface ExistingServerArgs {
  /** A name or an address. */
  readonly host: Input<string>;
  /**
   * Port that it listens on.
   * @default - the usual one of the setting's kind: 5432
   */
  readonly port?: Input<number>;
  /** A login that may make others, and databases. It need not be a superuser: a managed server's administrator is none. */
  readonly administrator: Input<{
    readonly username: Input<string>;
    /** Kept as a secret, however it is given. */
    readonly password: Input<string>;
    /**
     * Database that it connects to.
     * @default - the one that every server of the kind has: `postgres`
     */
    readonly database?: Input<string>;
  }>;
  /**
   * How connections are protected: the administrator's, and the app's. `ca` is the absolute path of a file on this machine.
   * @default - off
   */
  readonly tls?: Input<{ readonly mode: Input<Tls["mode"]>; readonly ca?: Input<string> }>;
}

/** A server that somebody else runs, for what is made for a setting. */
export interface ExistingServer {
  readonly type: typeof EXISTING_SERVER;
  readonly server: ExistingServerArgs;
}

/**
 * Has a setting's resource made on a server that is there already, with a login of its own and a generated password:
 * `resources: { databaseUrl: existingServer({ host: db.address, administrator: { username: "postgres", password } }) }`. Nothing else on the
 * server is touched: a database or a login of the same name that was not made for this setting is an error.
 */
export const existingServer = (server: ExistingServerArgs): ExistingServer => ({ type: EXISTING_SERVER, server });

export const isExistingServer = (value: unknown): value is ExistingServer =>
  typeof value === "object" && value !== null && "type" in value && value.type === EXISTING_SERVER && "server" in value;

/** What is wrong with a server, each with what to do; what is not known before the deploy, the provider looks at. */
export const serverFaults = (server: unknown): readonly Fault[] => faultsIn(FIELDS, server, "");

/** Goes on from the server's name. Never holds a value. */
type Fault = readonly [what: string, fix: string];

interface Field {
  /** @default false */
  readonly optional?: boolean;
  readonly is: (value: unknown) => boolean;
  /** In words. */
  readonly must: string;
  readonly fields?: Readonly<Record<string, Field>>;
}

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";
const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

const text: Field = { is: isText, must: "a text that is not empty" };
const MODES: readonly unknown[] = ["off", "require", "verify-full"] satisfies readonly Tls["mode"][];

const FIELDS: Readonly<Record<string, Field>> = {
  host: { is: (value) => isText(value) && /^[^\s/@]+$/.test(value), must: "a name or an address" },
  port: {
    optional: true,
    is: (value) => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 65_535,
    must: "a whole number from 1 to 65535",
  },
  administrator: { is: isObject, must: "an object", fields: { username: text, password: text, database: { ...text, optional: true } } },
  tls: {
    optional: true,
    is: isObject,
    must: "an object",
    fields: {
      mode: { is: (value) => MODES.includes(value), must: `one of ${MODES.join(", ")}` },
      ca: { optional: true, is: (value) => isText(value) && value.startsWith("/"), must: "an absolute path" },
    },
  },
};

const faultsIn = (fields: Readonly<Record<string, Field>>, given: unknown, path: string): readonly Fault[] => {
  const values = new Map(Object.entries(isObject(given) ? given : {}).filter(([, value]) => value !== undefined));
  return [
    ...[...values.keys()]
      .filter((name) => !Object.hasOwn(fields, name))
      .map((name): Fault => [`has no field "${path}${name}"`, `its fields are ${Object.keys(fields).join(", ")}`]),
    ...Object.entries(fields).flatMap(([name, field]) => faultsOf(field, values.get(name), `${path}${name}`)),
  ];
};

const faultsOf = ({ optional = false, is, must, fields }: Field, value: unknown, path: string): readonly Fault[] => {
  if (value === undefined) return optional ? [] : [[`lacks ${path}`, "give it as a value or as an output"]];
  if (Output.isInstance(value) || value instanceof Promise) return [];
  if (!is(value)) return [[`needs ${path} to be ${must}`, "correct it"]];
  return fields ? faultsIn(fields, value, `${path}.`) : [];
};
