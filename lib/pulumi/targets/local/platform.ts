import type { Input } from "@pulumi/pulumi";
import type { Tls } from "../../../connection/tls";
import type { Access } from "../../../contract/platform";

/** Connection to an existing server, and the administrator that creates logins there. */
export interface LocalServerReference {
  /** Host name or IP address. */
  readonly host: Input<string>;
  /**
   * Port that it listens on.
   * @default - the default port of the setting's kind: 5432
   */
  readonly port?: Input<number>;
  /** A login that can create logins and databases. It need not be a superuser: a managed server's administrator is not one. */
  readonly administrator: Input<{
    readonly username: Input<string>;
    /** Always kept as a secret. */
    readonly password: Input<string>;
    /**
     * Database that it connects to.
     * @default - the kind's default database: `postgres`
     */
    readonly database?: Input<string>;
  }>;
  /**
   * TLS of the administrator's and the app's connections. `ca` is the absolute path of a file on this machine.
   * @default - off
   */
  readonly tls?: Input<{ readonly mode: Input<Tls["mode"]>; readonly ca?: Input<string> }>;
}

/** This machine. */
export interface LocalPlatform {
  /** A process of the current user: it can read the user's files, including the passwords in them. */
  readonly Consumer: { readonly process: string };
  readonly Access: Access;
  readonly Reference: LocalServerReference;
}
