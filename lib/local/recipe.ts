import type { Service } from "../supervisor/service";
import type { Credentials } from "./credentials";

/** A server program, found on this machine or downloaded. */
export interface Program {
  /** Absolute path of the executable. */
  readonly path: string;
  /** As printed by the program: `17.10`. */
  readonly version: string;
  /** Its source in `sources/`: `path`, `system`, `npm`, `debian`, `pypi`, `go`, `docker`. */
  readonly source: string;
  /** Environment variables the program needs: `LD_LIBRARY_PATH`. */
  readonly environment: Readonly<Record<string, string>>;
}

export interface ProgramRequest {
  /** Name of its server, as accepted by `--program`. */
  readonly server?: string;
  /** As requested by the plan (`"17"`); absent if any version will do. */
  readonly version?: string;
  /** Set if the user names a program: no other is then tried. */
  readonly path?: string;
  /** Called with a message when a step takes a while. */
  readonly progress: (message: string) => void;
  readonly signal: AbortSignal;
}

/** Progress and cancellation of a step. */
export interface Context {
  readonly progress: (message: string) => void;
  readonly signal: AbortSignal;
}

/** One server of an environment, as a recipe sees it. */
export interface LocalServer extends Context {
  /** Name in the plan and for the user: `postgres`. */
  readonly name: string;
  /** Name of its folder and its service, unique in the environment; kept when the plan renames the server. */
  readonly localName: string;
  /** The server's own absolute folder, 0700 (0711 for a program that runs as nobody), with data and credentials; survives restarts. */
  readonly folder: string;
  /** On 127.0.0.1; recorded, so it is the same at every start. */
  readonly port: number;
  readonly program: Program;
  /** Version of its data, if its recipe keeps data per version. */
  readonly data?: string | undefined;
  /** Passwords by login name, in a 0600 file in `folder`; generated on first use. */
  readonly credentials: Credentials;
}

/** A running server, whatever its program. */
export type ReachableServer = Omit<LocalServer, "program">;

/** A setting's lease request. */
export interface RecipeLeaseRequest<Options> {
  /** The setting's id: `shared.databaseUrl`. */
  readonly id: string;
  /** `[a-z][a-z0-9_]{0,53}`: database, user or prefix. A recipe may derive other names from it (`_` becomes `-` in bucket names). */
  readonly name: string;
  readonly options: Options;
  /**
   * Called with messages for the user, which contain no secrets.
   * @default - they are dropped
   */
  readonly tell?: (note: string) => void;
}

/** Data that an app or its tools have created besides the lease's own: a database. */
export interface CreatedData {
  readonly name: string;
  /** Name of the lease. */
  readonly login: string;
}

/**
 * Runs real servers of one kind on this machine. Every step is idempotent and resumes where an earlier run stopped.
 * Each throws an `EndowError` with an actionable fix; none leaves partial files behind.
 */
export interface Recipe<Options, Fields> {
  /** Finds the program, or downloads it into the user's cache. `SERVER_UNAVAILABLE` names the one command that installs it. */
  readonly program: (request: ProgramRequest) => Promise<Program>;
  /**
   * Key of a program's data, if each version keeps its own: `"17"`.
   * @default - one data folder for all versions
   */
  readonly dataOf?: (program: Program) => string;
  /**
   * How to copy data between servers, to end a sentence: `with pg_dump`.
   * @default - no advice
   */
  readonly copyHint?: string;
  /**
   * Files in the server's folder that the recipe writes with `write-file-atomic`, apart from those that end in `.json`. The next run removes what a
   * killed run has left of them.
   * @default - none
   */
  readonly temporaryFiles?: readonly string[];
  /**
   * Creates or checks the data folder and the configuration, and returns the service to run. `labels` contains a digest that changes whenever a
   * restart is needed. Throws `CREDENTIALS_LOST` if passwords can be reset only while the server is stopped: the caller then stops it and calls
   * `prepare` again. A recipe never signals its server: only the supervisor knows the process.
   */
  readonly prepare: (server: LocalServer) => Promise<Service>;
  /** Tries once to run a query authenticated with the generated credentials; rejects if it fails. The caller retries. */
  readonly ready: (server: LocalServer) => Promise<void>;
  /** Creates the login and its data, or updates them. */
  readonly lease: (server: LocalServer, request: RecipeLeaseRequest<Options>) => Promise<Fields>;
  /**
   * Name of a lease's password in the server's credentials.
   * @default - the name of the lease
   */
  readonly credentialOf?: (name: string, options: Options) => string;
  /** Finds data that apps have created besides their leases' own. Absent if they cannot create any. */
  readonly created?: (server: ReachableServer) => Promise<readonly CreatedData[]>;
  /** Disables the login and ends its sessions; keeps the data. */
  readonly disable: (server: ReachableServer, name: string) => Promise<void>;
  /** Deletes the login and its data: the databases, keys or bucket. */
  readonly drop: (server: ReachableServer, name: string) => Promise<void>;
}
