import path from "node:path";
import { codeOf } from "../errors";
import { connect } from "./connection";
import { checkFolder, filesOf, folderExists } from "./folder";
import { stateOf } from "./keeper";
import { platform } from "./platform/current";
import type { ServiceState } from "./service";
import { asFound, readSupervisorState, type SupervisorState } from "./state";

export interface SupervisorStatus {
  /** `dead` if it exited unexpectedly, `none` if it exited cleanly or never ran. */
  readonly supervisor: "running" | "dead" | "unresponsive" | "none";
  readonly pid?: number;
  readonly services: readonly ServiceState[];
  /** Why `services` may be incomplete: the state file is damaged. */
  readonly problem?: string;
}

/** Milliseconds. */
const DEADLINE = 5_000;

/**
 * Reports what is running in `folder`, without starting or changing anything. If no supervisor answers, it reads the state file and checks
 * which of the processes listed there are still running.
 * @throws EndowError `FOLDER_NOT_OURS`, `FOLDER_NOT_PRIVATE`
 */
export const statusOf = async (folder: string): Promise<SupervisorStatus> => {
  const resolved = path.resolve(folder);
  if (!folderExists(resolved)) return { supervisor: "none", services: [] };
  const checked = checkFolder(resolved);
  const connection = await connect(checked);
  if (typeof connection === "string") return fromFile(checked, connection === "unresponsive");
  try {
    const services = (await connection.call("status", undefined, DEADLINE)) as ServiceState[];
    return { supervisor: "running", pid: connection.welcome.pid, services };
  } catch (error) {
    const code = codeOf(error);
    if (code === "SUPERVISOR_UNRESPONSIVE" || code === "SUPERVISOR_GONE") return fromFile(checked, code === "SUPERVISOR_UNRESPONSIVE");
    throw error;
  } finally {
    connection.close();
  }
};

const fromFile = (folder: string, unresponsive: boolean): SupervisorStatus => {
  const { state, problem } = read(folder);
  const pid = unresponsive ? platform().lockHolder(folder) : undefined;
  return {
    supervisor: unresponsive ? "unresponsive" : state?.supervisor === undefined ? "none" : "dead",
    ...(pid !== undefined && { pid }),
    services: (state?.services ?? []).map((record) => stateOf(asFound(record), filesOf(folder).serviceLog(record.service.name))),
    ...(problem !== undefined && { problem }),
  };
};

const read = (folder: string): { state?: SupervisorState | undefined; problem?: string } => {
  try {
    return { state: readSupervisorState(folder) };
  } catch (error) {
    if (codeOf(error) !== "STATE_DAMAGED" || !(error instanceof Error)) throw error;
    return { problem: error.message };
  }
};
