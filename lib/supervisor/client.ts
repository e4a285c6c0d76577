import path from "node:path";
import type { SupervisorConnection } from "./connection";
import { makeFolder } from "./folder";
import { reach } from "./reach";
import type { Applied, Service, ServiceState } from "./service";

export { processesIn } from "./processes";
export { statusOf, type SupervisorStatus } from "./status";
export { stopAll } from "./stop-all";

export interface SuperviseOptions {
  /** Gives up waiting, and closes the connection. */
  readonly signal?: AbortSignal;
  /** Whether this is a CI job, where services must not outlive the job by long. Default: whether `CI` is `true` in the environment. */
  readonly ci?: boolean;
  /**
   * Milliseconds without any connected client after which all services are stopped and the supervisor ends. Holds for every
   * client of this supervisor until another one sets it. Default: an hour in CI, else no end. A command that stays
   * connected while it needs the services can ask for a few seconds: they go with it, however it ends.
   */
  readonly lease?: number;
  /** Milliseconds without a running service or a connected client after which a newly started supervisor ends. Default: a minute. */
  readonly idleTimeout?: number;
}

/** A connection to the supervisor of one folder. */
export interface Supervisor {
  /**
   * Makes a service run as asked, for as long as it is not removed. `change` says what that took: `none` when it runs so already, `adopted`
   * when it does and an earlier supervisor started it, `restarted` when it was stopped first. Resolves once the process is started,
   * which is before it is ready; one that dies right away is seen in `status()`.
   * @throws EndowError `SERVICE_INVALID`, `SERVICE_NOT_STARTED`, `STATE_NOT_WRITTEN`, `PROCESSES_LEFT`
   */
  readonly apply: (service: Service) => Promise<Applied>;
  readonly status: () => Promise<ServiceState[]>;
  /** Stops a service and forgets it; its folder stays. Nothing happens when there is none of this name. */
  readonly remove: (name: string) => Promise<void>;
  /** Ends the connection; services live on. */
  readonly close: () => void;
}

const HOUR = 3_600_000;

/** Apart from the time that a service is given to stop. Milliseconds. */
const CALL_DEADLINE = 20_000;

/**
 * Connects to the supervisor of `folder`; starts one when none runs, and replaces one that hangs or is of an older version.
 * The folder is made where it is missing (0700), and must be the caller's own and private.
 * @throws EndowError `FOLDER_NOT_OURS`, `FOLDER_NOT_PRIVATE`, `FOLDER_NOT_WRITABLE`, `SUPERVISOR_NOT_STARTED`, `SUPERVISOR_NEWER`, `SUPERVISOR_ELSEWHERE`, `SUPERVISOR_STUCK`, `PLATFORM_UNSUPPORTED`
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

/** The longest `stopTimeout` that a service can have. Milliseconds. */
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
