import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { codeOf, fault } from "../errors";
import { suspectAt } from "../internal/trust";
import { checkService } from "./check";
import { filesOf } from "./folder";
import { type Identity, runsFor } from "./processes";
import type { Service, ServiceState } from "./service";

/** One service in the state file. */
export interface ServiceRecord {
  readonly service: Service;
  readonly status: ServiceState["status"];
  readonly restarts: number;
  readonly identity?: Identity;
  readonly startedAt?: string;
  readonly reason?: string;
}

export interface SupervisorState {
  /** Absent if the last supervisor exited cleanly. */
  readonly supervisor?: Identity;
  readonly services: readonly ServiceRecord[];
}

/** Version of the file format. A file of another version is ignored: running processes are then found by their working directory. */
const VERSION = 1;

/** Writes a draft and renames it, so a reader never sees a partial file. */
export const writeState = (folder: string, state: SupervisorState): void => {
  const { state: file } = filesOf(folder);
  const draft = `${file}.tmp`;
  try {
    // Never reuse an existing draft: another user may have left it.
    rmSync(draft, { force: true });
    writeFileSync(draft, `${JSON.stringify({ version: VERSION, ...state }, null, 2)}\n`, { mode: 0o600, flag: "wx" });
    renameSync(draft, file);
  } catch (error) {
    throw fault("STATE_NOT_WRITTEN", `${file} cannot be written (${codeOf(error) ?? "unknown reason"})`, "free disk space", file);
  }
};

/** Reads the state file; `undefined` if there is none. Its content must be checked against the running processes.
 * @throws EndowError `STATE_DAMAGED` when it is invalid or another user could have written it: it contains programs to run */
export const readSupervisorState = (folder: string): SupervisorState | undefined => {
  const { state: file } = filesOf(folder);
  const suspect = suspectAt(file);
  if (suspect) throw damaged(file, `it ${suspect.why}`);
  const text = readIfThere(file);
  if (text === undefined) return undefined;
  try {
    return parse(JSON.parse(text), folder);
  } catch (error) {
    const why = error instanceof SyntaxError ? "not JSON" : error instanceof Error ? error.message.split("\n")[0] : undefined;
    throw damaged(file, why ?? "unknown reason");
  }
};

const damaged = (file: string, why: string) =>
  fault("STATE_DAMAGED", `${file} is not a valid state file (${why})`, "delete it: running services are found without it", file);

/** Like `readSupervisorState`, but renames a damaged file to `state.json.damaged` and passes its error to `report`. */
export const recoverState = (folder: string, report: (error: unknown) => void): SupervisorState => {
  try {
    return readSupervisorState(folder) ?? { services: [] };
  } catch (error) {
    if (codeOf(error) !== "STATE_DAMAGED") throw error;
    report(error);
    const { state: file } = filesOf(folder);
    renameSync(file, `${file}.damaged`);
    return { services: [] };
  }
};

/** Updates a record from its process, when no supervisor is watching it. */
export const asFound = ({ identity, ...record }: ServiceRecord): ServiceRecord => {
  if (identity !== undefined && runsFor(record.service, identity)) return { ...record, identity, status: "running" };
  if (record.status === "failed" || record.status === "stopped") return record;
  return { ...record, status: "stopped", reason: "it exited while no supervisor was watching" };
};

const parse = (input: unknown, folder: string): SupervisorState => {
  const { version, supervisor, services } = object(input);
  if (version !== VERSION) throw new Error(`its version is ${JSON.stringify(version)}, expected ${VERSION}`);
  if (!Array.isArray(services)) throw new Error("`services` must be a list");
  return {
    ...(supervisor !== undefined && { supervisor: parseIdentity(supervisor) }),
    services: services.map((entry) => parseRecord(entry, folder)),
  };
};

const STATUSES: readonly unknown[] = ["running", "restarting", "failed", "stopped"] satisfies ServiceState["status"][];

const parseRecord = (input: unknown, folder: string): ServiceRecord => {
  const { service, status, restarts, identity, startedAt, reason } = object(input);
  if (!STATUSES.includes(status) || typeof restarts !== "number") throw new Error("a service has no status or restarts");
  return {
    service: checkService(service, folder),
    status: status as ServiceState["status"],
    restarts,
    ...(identity !== undefined && { identity: parseIdentity(identity) }),
    ...(typeof startedAt === "string" && { startedAt }),
    ...(typeof reason === "string" && { reason }),
  };
};

const parseIdentity = (input: unknown): Identity => {
  const { pid, startTime, bootId } = object(input);
  if (typeof pid !== "number" || !Number.isInteger(pid) || pid < 1 || typeof startTime !== "string" || typeof bootId !== "string") {
    throw new Error("a process has no pid, start time or boot id");
  }
  return { pid, startTime, bootId };
};

const object = (input: unknown): Record<string, unknown> => {
  if (typeof input !== "object" || input === null) throw new Error("an object is missing");
  return input as Record<string, unknown>;
};

const readIfThere = (file: string): string | undefined => {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw codeOf(error) === "EISDIR" ? damaged(file, "it is a folder") : error;
  }
};
