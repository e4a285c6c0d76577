import type { Input } from "@pulumi/pulumi";
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
