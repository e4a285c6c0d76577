/** A process that a supervisor keeps running. Plain JSON: it goes over a socket and into a state file, so it holds no secret. */
export interface Service {
  /** `[a-z][a-z0-9-]{0,40}`, unique under one supervisor. */
  readonly name: string;
  /** Program (absolute path) and arguments. Other users can read these in /proc: no secrets. */
  readonly command: readonly [string, ...string[]];
  /** Absolute, existing, this service's own: the process runs with its working directory here, which is the mark it is found by later. */
  readonly folder: string;
  /**
   * Absolute, existing: where the process works when that is somebody else's folder. It is then known by its pid, start time and boot alone,
   * and what it started by being of its process group.
   * @default - `folder`
   */
  readonly directory?: string;
  /** The whole environment of the process; nothing is inherited. No secrets. */
  readonly environment: Readonly<Record<string, string>>;
  /** Asks the process to finish; SIGKILL follows after `stopTimeout`. */
  readonly stopSignal: "SIGTERM" | "SIGINT";
  /** Milliseconds. */
  readonly stopTimeout: number;
  /** Runs as this user (only root can). */
  readonly user?: { readonly uid: number; readonly gid: number };
  /** TCP port on 127.0.0.1 that it listens on; kept in the state for `status`. */
  readonly port?: number;
  /** Free facts for `status`: `{ version: "17.10" }`. Part of the hash: a change restarts the service. */
  readonly labels?: Readonly<Record<string, string>>;
}

export interface ServiceState {
  readonly name: string;
  /** `restarting` while it waits out a backoff; `failed` once given up. */
  readonly status: "running" | "restarting" | "failed" | "stopped";
  readonly pid?: number;
  readonly port?: number;
  readonly labels?: Readonly<Record<string, string>>;
  /** Of the service as asked for. */
  readonly hash: string;
  /** Since this service was last applied. */
  readonly restarts: number;
  /** ISO 8601, UTC. */
  readonly startedAt?: string;
  readonly log: string;
  /** Why it is not running: exit code or signal, and the last lines of its log. */
  readonly reason?: string;
}

export type Applied = ServiceState & { readonly change: "started" | "adopted" | "restarted" | "none" };
