import type { Service } from "../supervisor/service";
import type { Credentials } from "./credentials";

/** A server program that was found or fetched. */
export interface Program {
  /** Absolute path of the executable. */
  readonly path: string;
  /** As the program itself prints it: `17.10`. */
  readonly version: string;
  /** Where it came from, in the words of `sources/`: `path`, `system`, `npm`, `debian`, `pypi`, `go`, `docker`. */
  readonly source: string;
  /** What the program needs in its environment: `LD_LIBRARY_PATH`. */
  readonly environment: Readonly<Record<string, string>>;
}

export interface ProgramRequest {
  /** Name of the server that it is for, as `--program` takes it. */
  readonly server?: string;
  /** As the plan asks for it (`"17"`); absent when any will do. */
  readonly version?: string;
  /** Set when the user names a program: then nothing else is tried. */
  readonly path?: string;
  /** Called with a sentence when something takes longer than a moment. */
  readonly progress: (message: string) => void;
  readonly signal: AbortSignal;
}

/** Who waits for a step: told what takes long, and able to end it. */
export interface Context {
  readonly progress: (message: string) => void;
  readonly signal: AbortSignal;
}

/** One server of one environment: what a recipe works with. */
export interface LocalServer extends Context {
  /** As the plan and a person call it: `postgres`. */
  readonly name: string;
  /** Unique in the environment, of its folder and its service; stays when the plan calls the server otherwise. */
  readonly localName: string;
  /** Absolute, 0700 (0711 for a program that runs as nobody), this server's own; survives restarts. Data and credentials live inside. */
  readonly folder: string;
  /** On 127.0.0.1; recorded, so the same at every start. */
  readonly port: number;
  readonly program: Program;
  /** The version whose data it runs on, where its recipe keeps data by version. */
  readonly data?: string | undefined;
  /** Passwords by login name, kept in a 0600 file in `folder`; made on first use. */
  readonly credentials: Credentials;
}

/** A server that runs, whatever program it is that runs it. */
export type ReachableServer = Omit<LocalServer, "program">;

/** One setting's share of a server. */
export interface RecipeLeaseRequest<Options> {
  /** The setting's id: `shared.databaseUrl`. */
  readonly id: string;
  /** `[a-z][a-z0-9_]{0,53}`: database, user or prefix. A recipe may derive more from it (`_` to `-` in bucket names). */
  readonly name: string;
  readonly options: Options;
}

/**
 * How a real server of one kind runs on this machine. Every step can be repeated: it finds what is done and does the rest.
 * Each throws an `EndowError` whose fix can be followed; none leaves half-made files behind.
 */
export interface Recipe<Options, Fields> {
  /** Finds the program, or fetches it into the user's cache. `SERVER_UNAVAILABLE` names the one command that would bring it. */
  readonly program: (request: ProgramRequest) => Promise<Program>;
  /**
   * The data that a program works on, where each version has its own: `"17"`.
   * @default - one for all versions
   */
  readonly dataOf?: (program: Program) => string;
  /**
   * How a person copies data from one server to another, at the end of a sentence: `with pg_dump`.
   * @default - nothing is advised
   */
  readonly copyHint?: string;
  /**
   * Makes the data folder and the configuration, or checks what is there, and says how the process is run. A change that needs a restart
   * shows in `labels`, as a digest. Throws `CREDENTIALS_LOST` when passwords can be repaired only while the server is stopped: it is then
   * stopped, and asked once more. A recipe never signals its server itself: only the supervisor knows which process that is.
   */
  readonly prepare: (server: LocalServer) => Promise<Service>;
  /** One attempt: resolves when a query authenticated with the generated credentials succeeds, else rejects. The caller repeats it. */
  readonly ready: (server: LocalServer) => Promise<void>;
  /** Makes the login and what it owns, or brings them up to date. */
  readonly lease: (server: LocalServer, request: RecipeLeaseRequest<Options>) => Promise<Fields>;
  /** Shuts the login out and ends its sessions; the data stays. */
  readonly disable: (server: ReachableServer, name: string) => Promise<void>;
  /** Loses data: the database, keys or bucket and the login go. */
  readonly drop: (server: ReachableServer, name: string) => Promise<void>;
}
