import { setTimeout as sleep } from "node:timers/promises";
import { codeOf, fault } from "../errors";
import { type SupervisorConnection, connect } from "./connection";
import { killSupervisor, type Launched, launch } from "./launch";
import { platform } from "./platform/current";
import { PROTOCOL } from "./protocol";

export interface Wanted {
  /** Checked. */
  readonly folder: string;
  readonly idleTimeout: number;
  readonly lease: number | undefined;
  readonly signal: AbortSignal | undefined;
}

/** Milliseconds, for a supervisor to be there; a machine under load takes its time. */
const DEADLINE = 20_000;
const PAUSE = 5;

/** A connection to a supervisor of this version: the one that runs, or a new one in the place of none, of one that hangs, or of an older one. */
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
      // One that ended without a failure found another at work, which may itself be on its way out.
      if (launched === undefined || launched.hasEnded()) launched = launch(folder, idleTimeout);
      await sleep(PAUSE);
    }
  }
  throw fault("SUPERVISOR_UNRESPONSIVE", `no supervisor of ${folder} answered within ${DEADLINE / 1000} seconds`, "run this again", folder);
};

/** A container that shares the folder has a 127.0.0.1 of its own: nothing that runs outside is reached there. */
const checkNetwork = (folder: string, { welcome, close }: SupervisorConnection): void => {
  if (welcome.network === undefined || welcome.network === platform().network()) return;
  close();
  throw fault(
    "SUPERVISOR_ELSEWHERE",
    `the servers in ${folder} run in another network, as of a container or a sandbox, and are not reached from here`,
    "use that network here too, stop the servers first, or keep those of this network elsewhere: set XDG_STATE_HOME to another folder",
    folder,
  );
};

const RETIRE_DEADLINE = 2_000;

const replace = async (folder: string, { welcome, call, close }: SupervisorConnection): Promise<void> => {
  if (welcome.protocol > PROTOCOL) {
    close();
    throw fault(
      "SUPERVISOR_NEWER",
      `the servers in ${folder} are kept by a newer version of endow`,
      "use that version here too, or stop the servers with it first",
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
