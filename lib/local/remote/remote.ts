import type { Tls } from "../../connection/tls";

/** An existing server, accessed as one of its administrators, who need not be a superuser. */
export interface RemoteServer {
  readonly host: string;
  readonly port: number;
  readonly tls: Tls;
  readonly administrator: {
    readonly username: string;
    readonly password: string;
    /**
     * Database that the administrator connects to.
     * @default - the database that every server of the kind has: `postgres`
     */
    readonly database?: string | undefined;
  };
}

/** A setting's request to an existing server. */
export interface RemoteRequest<Options> {
  /** The setting's id. */
  readonly id: string;
  readonly options: Options;
  /** Text that the server stores with the objects we create, to identify them as ours. */
  readonly mark: string;
  /** How to recognize this environment's marks. */
  readonly marks: {
    /** Prefix of all of them. */
    readonly beginning: string;
    /** Text that all of them contain. */
    readonly part: string;
    /** Prefixes of the setting's current and former marks, best match first. */
    readonly known: readonly string[];
  };
  /** Names the login and its data, for a setting without a lease on the server. @param held names this environment uses there */
  readonly nameFor: (held: readonly string[]) => string;
  /** Returns the login's password, saving a new one first. */
  readonly password: (login: string) => Promise<string>;
}

/** A setting's lease on an existing server. */
export interface RemoteLeaseResult<Fields> {
  readonly login: string;
  readonly fields: Fields;
  /** Whether it was created by this call. */
  readonly made: boolean;
  /** Messages for the user about the server, without secrets. */
  readonly notes: readonly string[];
}

/** Manages logins of one kind on an existing server. Changes only objects with the requested mark. Every step is idempotent. */
export interface Remote<Options, Fields> {
  /** @throws EndowError `NAME_TAKEN` if one of the names belongs to an object that is not ours */
  readonly lease: (server: RemoteServer, request: RemoteRequest<Options>) => Promise<RemoteLeaseResult<Fields>>;
  /** Whether a login with this mark exists and is enabled. */
  readonly isOpen: (server: RemoteServer, mark: string) => Promise<boolean>;
  /** Disables the login with this mark and ends its sessions; keeps the data. */
  readonly disable: (server: RemoteServer, mark: string) => Promise<void>;
  /** Deletes the login with this mark and its data. */
  readonly drop: (server: RemoteServer, mark: string) => Promise<void>;
}
