import type { Input } from "@pulumi/pulumi";
import type { Tls } from "../../../connection/tls";
import type { Access } from "../../../contract/platform";

/** How a server that another party runs is reached, and as whom logins are made there. */
export interface LocalServerReference {
  /** A name or an address. */
  readonly host: Input<string>;
  /**
   * Port that it listens on.
   * @default - the usual one of the setting's kind: 5432
   */
  readonly port?: Input<number>;
  /** A login that may make others, and databases. It need not be a superuser: a managed server's administrator is not one. */
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

/** This machine. */
export interface LocalPlatform {
  /** A process of this user: it may read the user's files, and so reach whatever they hold the passwords of. */
  readonly Consumer: { readonly process: string };
  readonly Access: Access;
  readonly Reference: LocalServerReference;
}
