/** A process that a supervisor keeps running. Plain JSON, sent over a socket and stored in a state file: must not contain secrets. */
export interface Service {
  /** `[a-z][a-z0-9-]{0,40}`, unique under one supervisor. */
  readonly name: string;
  /** Program (absolute path) and arguments. Other users can read these in /proc: no secrets. */
  readonly command: readonly [string, ...string[]];
  /** Absolute, existing, used by this service alone. It is the process's working directory, which identifies the process later. */
  readonly folder: string;
  /**
   * Absolute, existing: the working directory, if it is not the service's own folder. The process is then identified only by its pid,
   * start time and boot id, and its children by their process group.
   * @default - `folder`
   */
  readonly directory?: string;
  /** The complete environment of the process; nothing is inherited. No secrets. */
  readonly environment: Readonly<Record<string, string>>;
  /** Sent to stop the process; SIGKILL follows after `stopTimeout`. */
  readonly stopSignal: "SIGTERM" | "SIGINT";
  /** Milliseconds. */
  readonly stopTimeout: number;
  /** Runs as this user (only root can). */
  readonly user?: { readonly uid: number; readonly gid: number };
  /** TCP port on 127.0.0.1 that it listens on; stored for `status`. */
  readonly port?: number;
  /** Arbitrary labels for `status`: `{ version: "17.10" }`. Part of the hash: a change restarts the service. */
  readonly labels?: Readonly<Record<string, string>>;
}

export interface ServiceState {
  readonly name: string;
  /** `restarting` while it waits for the backoff; `failed` after the supervisor gave up. */
  readonly status: "running" | "restarting" | "failed" | "stopped";
  readonly pid?: number;
  readonly port?: number;
  readonly labels?: Readonly<Record<string, string>>;
  /** Hash of the requested service. */
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
