import type { Tls } from "../../connection/tls";

/** A server that somebody else runs, reached as one of its administrators, who need not be a superuser. */
export interface RemoteServer {
  readonly host: string;
  readonly port: number;
  readonly tls: Tls;
  readonly administrator: {
    readonly username: string;
    readonly password: string;
    /**
     * Database that the administrator connects to.
     * @default - the one that every server of the kind has: `postgres`
     */
    readonly database?: string | undefined;
  };
}

/** What one setting asks for on somebody else's server. */
export interface RemoteRequest<Options> {
  /** The setting's id. */
  readonly id: string;
  /** Name of its login and of what the login owns, unless it has one there already. */
  readonly name: string;
  readonly options: Options;
  /** Text that the server keeps with the login, by which it is known to be ours. */
  readonly mark: string;
  /** How the marks begin of a login that the setting has there already. */
  readonly known: readonly string[];
  /** The login's password, written down before it is given. */
  readonly password: (login: string) => Promise<string>;
}

/** What one setting has got on somebody else's server. */
export interface RemoteLeaseResult<Fields> {
  readonly login: string;
  readonly fields: Fields;
  /** Whether it was not there before. */
  readonly made: boolean;
  /** What a person should know of the server: sentences without a secret. */
  readonly notes: readonly string[];
}

/**
 * How logins of one kind are made on somebody else's server. Only a login that has the mark asked for is touched, and what it owns. Every step
 * can be repeated.
 */
export interface Remote<Options, Fields> {
  /** @throws EndowError `NAME_TAKEN` when a login, or what it would own, is there under the name and is not ours */
  readonly lease: (server: RemoteServer, request: RemoteRequest<Options>) => Promise<RemoteLeaseResult<Fields>>;
  /** Whether there is a login with this mark that is let in. */
  readonly isOpen: (server: RemoteServer, mark: string) => Promise<boolean>;
  /** Shuts the login with this mark out and ends its sessions; the data stays. */
  readonly disable: (server: RemoteServer, mark: string) => Promise<void>;
  /** Loses data: the login with this mark goes, and what it owns. */
  readonly drop: (server: RemoteServer, mark: string) => Promise<void>;
}
