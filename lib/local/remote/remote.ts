import type { Tls } from "../../connection/tls";

/** A server that another party runs, reached as one of its administrators, who need not be a superuser. */
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

/** What one setting asks for on a server that another party runs. */
export interface RemoteRequest<Options> {
  /** The setting's id. */
  readonly id: string;
  readonly options: Options;
  /** Text that the server keeps with what is made, by which it is known to be ours. */
  readonly mark: string;
  /** How marks of this environment are told from others. */
  readonly marks: {
    /** What they all begin with. */
    readonly beginning: string;
    /** What they all hold. */
    readonly part: string;
    /** What those begin with that the setting has or had, the best first. */
    readonly known: readonly string[];
  };
  /** Name of the login and of what it works on, for a setting that has none there. @param held names that this environment uses there */
  readonly nameFor: (held: readonly string[]) => string;
  /** The login's password, written down before it is given. */
  readonly password: (login: string) => Promise<string>;
}

/** What one setting has got on a server that another party runs. */
export interface RemoteLeaseResult<Fields> {
  readonly login: string;
  readonly fields: Fields;
  /** Whether it was not there before. */
  readonly made: boolean;
  /** What a person should know of the server: sentences without a secret. */
  readonly notes: readonly string[];
}

/**
 * How logins of one kind are made on a server that another party runs. Only what has the mark asked for is touched. Every step can be repeated.
 */
export interface Remote<Options, Fields> {
  /** @throws EndowError `NAME_TAKEN` when something is there under one of the names and is not ours */
  readonly lease: (server: RemoteServer, request: RemoteRequest<Options>) => Promise<RemoteLeaseResult<Fields>>;
  /** Whether there is a login with this mark that is let in. */
  readonly isOpen: (server: RemoteServer, mark: string) => Promise<boolean>;
  /** Shuts the login with this mark out and ends its sessions; the data stays. */
  readonly disable: (server: RemoteServer, mark: string) => Promise<void>;
  /** Loses data: the login with this mark goes, and what it works on. */
  readonly drop: (server: RemoteServer, mark: string) => Promise<void>;
}
