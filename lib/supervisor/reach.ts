import { setTimeout as sleep } from "node:timers/promises";
import { codeOf, fault } from "../errors";
import { type SupervisorConnection, connect } from "./connection";
import { killSupervisor, type Launched, launch } from "./launch";
import { platform } from "./platform/current";
import { PROTOCOL } from "./protocol";

export interface Wanted {
  /** Already checked by `makeFolder`. */
  readonly folder: string;
  readonly idleTimeout: number;
  readonly lease: number | undefined;
  readonly signal: AbortSignal | undefined;
}

/** Milliseconds to wait for a supervisor; generous, because the machine may be under load. */
const DEADLINE = 20_000;
const PAUSE = 5;

/** Connects to a supervisor of this version; starts one if none runs, replaces one that hangs or is older. */
export const reach = async ({ folder, idleTimeout, lease, signal }: Wanted): Promise<SupervisorConnection> => {
  const deadline = performance.now() + DEADLINE;
  let launched: Launched | undefined;
  while (performance.now() < deadline) {
    signal?.throwIfAborted();
    const connection = await connect(folder, lease === undefined ? {} : { lease });
    if (connection === "unresponsive") await killSupervisor(folder);
    else if (connection !== "absent") {
      checkNetwork(folder, connection);
      if (connection.welcome.protocol === PROTOCOL) return connection;
      await replace(folder, connection);
    } else {
      const failure = launched?.failure();
      if (failure !== undefined) throw failure;
      // One that exited without a failure found another one running, which may itself be exiting.
      if (launched === undefined || launched.hasEnded()) launched = launch(folder, idleTimeout);
      await sleep(PAUSE);
    }
  }
  throw fault("SUPERVISOR_UNRESPONSIVE", `no supervisor of ${folder} answered within ${DEADLINE / 1000} seconds`, "retry", folder);
};

/** A container that shares the folder has its own 127.0.0.1, so it cannot reach servers that run outside. */
const checkNetwork = (folder: string, { welcome, close }: SupervisorConnection): void => {
  if (welcome.network === undefined || welcome.network === platform().network()) return;
  close();
  throw fault(
    "SUPERVISOR_ELSEWHERE",
    `the servers in ${folder} run in another network namespace (container or sandbox) and cannot be reached from here`,
    "run this in that namespace, stop the servers first, or set XDG_STATE_HOME to another folder",
    folder,
  );
};

const RETIRE_DEADLINE = 2_000;

const replace = async (folder: string, { welcome, call, close }: SupervisorConnection): Promise<void> => {
  if (welcome.protocol > PROTOCOL) {
    close();
    throw fault(
      "SUPERVISOR_NEWER",
      `the servers in ${folder} are managed by a newer version of endow`,
      "use that version here, or stop the servers with it first",
      folder,
    );
  }
  try {
    await call("retire", undefined, RETIRE_DEADLINE);
  } catch (error) {
    const code = codeOf(error);
    if (code !== "SUPERVISOR_UNRESPONSIVE" && code !== "SUPERVISOR_GONE") throw error;
    await killSupervisor(folder);
  } finally {
    close();
  }
};
