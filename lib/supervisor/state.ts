import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { codeOf, fault } from "../errors";
import { suspectAt } from "../internal/trust";
import { checkService } from "./check";
import { filesOf } from "./folder";
import { type Identity, runsFor } from "./processes";
import type { Service, ServiceState } from "./service";

/** One service as the state file keeps it. */
export interface ServiceRecord {
  readonly service: Service;
  readonly status: ServiceState["status"];
  readonly restarts: number;
  readonly identity?: Identity;
  readonly startedAt?: string;
  readonly reason?: string;
}

export interface SupervisorState {
  /** Absent when the last supervisor ended in order. */
  readonly supervisor?: Identity;
  readonly services: readonly ServiceRecord[];
}

/** Of the file's format. A file of another version is treated as lost: what runs is then found by where it works. */
const VERSION = 1;

/** Writes aside and renames, so that a reader never finds half a file. */
export const writeState = (folder: string, state: SupervisorState): void => {
  const { state: file } = filesOf(folder);
  const draft = `${file}.tmp`;
  try {
    // A new file, whoever may have left one there.
    rmSync(draft, { force: true });
    writeFileSync(draft, `${JSON.stringify({ version: VERSION, ...state }, null, 2)}\n`, { mode: 0o600, flag: "wx" });
    renameSync(draft, file);
  } catch (error) {
    throw fault(
      "STATE_NOT_WRITTEN",
      `${file} cannot be written (${codeOf(error) ?? "unknown reason"})`,
      "free some space on the disk",
      file,
    );
  }
};

/** What the file says; `undefined` when there is none. Nothing in it is true until the processes were looked at.
 * @throws EndowError `STATE_DAMAGED` when it cannot be understood, or another user could have written it: it names programs to run */
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
  fault("STATE_DAMAGED", `${file} cannot be understood (${why})`, "remove it: what runs is found without it", file);

/** As `readState`, but a damaged file is put aside as `state.json.damaged` and its error given to `report`. */
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

/** A record as its process is now, where no supervisor watches it. */
export const asFound = ({ identity, ...record }: ServiceRecord): ServiceRecord => {
  if (identity !== undefined && runsFor(record.service, identity)) return { ...record, identity, status: "running" };
  if (record.status === "failed" || record.status === "stopped") return record;
  return { ...record, status: "stopped", reason: "it ended while no supervisor was watching" };
};

const parse = (input: unknown, folder: string): SupervisorState => {
  const { version, supervisor, services } = object(input);
  if (version !== VERSION) throw new Error(`version ${JSON.stringify(version)}, and this program knows ${VERSION}`);
  if (!Array.isArray(services)) throw new Error("no list of services");
  return {
    ...(supervisor !== undefined && { supervisor: parseIdentity(supervisor) }),
    services: services.map((entry) => parseRecord(entry, folder)),
  };
};

const STATUSES: readonly unknown[] = ["running", "restarting", "failed", "stopped"] satisfies ServiceState["status"][];

const parseRecord = (input: unknown, folder: string): ServiceRecord => {
  const { service, status, restarts, identity, startedAt, reason } = object(input);
  if (!STATUSES.includes(status) || typeof restarts !== "number") throw new Error("a service without status or restarts");
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
    throw new Error("a process without pid, start time and boot id");
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
