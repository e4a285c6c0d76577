import path from "node:path";
import type { SupervisorConnection } from "./connection";
import { makeFolder } from "./folder";
import { reach } from "./reach";
import type { Applied, Service, ServiceState } from "./service";

export { processesIn } from "./processes";
export { statusOf, type SupervisorStatus } from "./status";
export { stopAll } from "./stop-all";

export interface SuperviseOptions {
  /** Stops waiting and closes the connection. */
  readonly signal?: AbortSignal;
  /** Whether this is a CI job, where services must not outlive the job for long. Default: whether `CI` is `true` in the environment. */
  readonly ci?: boolean;
  /**
   * Milliseconds without a connected client after which the supervisor stops all services and exits. Applies to every
   * client of this supervisor until another client sets it. Default: an hour in CI, otherwise unlimited. A command that stays
   * connected while it needs the services can ask for a few seconds: the services then stop with it, even if it crashes.
   */
  readonly lease?: number;
  /** Milliseconds without a running service or a connected client after which a newly started supervisor exits. Default: a minute. */
  readonly idleTimeout?: number;
}

/** A connection to the supervisor of one folder. */
export interface Supervisor {
  /**
   * Starts a service, or reuses it if it already runs with these settings, and keeps it running until it is removed. `change` is `none`
   * when it was already running, `adopted` when an earlier supervisor started it, `restarted` when it was stopped first. Resolves once the
   * process has started, which is before it is ready; `status()` shows one that dies right away.
   * @throws EndowError `SERVICE_INVALID`, `SERVICE_NOT_STARTED`, `STATE_NOT_WRITTEN`, `PROCESSES_LEFT`
   */
  readonly apply: (service: Service) => Promise<Applied>;
  readonly status: () => Promise<ServiceState[]>;
  /** Stops a service and forgets it; keeps its folder. Does nothing if there is no service of this name. */
  readonly remove: (name: string) => Promise<void>;
  /** Closes the connection; services keep running. */
  readonly close: () => void;
}

const HOUR = 3_600_000;

/** Milliseconds, excluding the time a service is given to stop. */
const CALL_DEADLINE = 20_000;

/**
 * Connects to the supervisor of `folder`; starts one if none runs, replaces one that hangs or is older.
 * Creates the folder (0700) if it is missing. The folder must be private and owned by the caller.
 * @throws EndowError `FOLDER_NOT_OURS`, `FOLDER_NOT_PRIVATE`, `FOLDER_NOT_WRITABLE`, `SUPERVISOR_NOT_STARTED`, `SUPERVISOR_NEWER`,
 * `SUPERVISOR_ELSEWHERE`, `SUPERVISOR_STUCK`, `PLATFORM_UNSUPPORTED`
 */
export const supervise = async (folder: string, options: SuperviseOptions = {}): Promise<Supervisor> => {
  const { signal, idleTimeout = 60_000, ci = process.env["CI"] === "true" } = options;
  const lease = options.lease ?? (ci ? HOUR : undefined);
  signal?.throwIfAborted();
  const connection = await reach({ folder: makeFolder(path.resolve(folder)), idleTimeout, lease, signal });
  const call = interruptible(connection, signal);
  return {
    apply: async (service) => (await call("apply", service, CALL_DEADLINE + service.stopTimeout)) as Applied,
    status: async () => (await call("status", undefined, CALL_DEADLINE)) as ServiceState[],
    remove: async (name) => void (await call("remove", name, CALL_DEADLINE + LONGEST_STOP)),
    close: connection.close,
  };
};

/** The longest `stopTimeout` of a service, in milliseconds. */
const LONGEST_STOP = 600_000;

const interruptible = (connection: SupervisorConnection, signal: AbortSignal | undefined): SupervisorConnection["call"] => {
  signal?.addEventListener("abort", connection.abort, { once: true });
  return async (...call) => {
    signal?.throwIfAborted();
    try {
      return await connection.call(...call);
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
  };
};
