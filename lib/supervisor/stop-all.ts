import path from "node:path";
import { codeOf } from "../errors";
import { type SupervisorConnection, connect } from "./connection";
import { endGroup, endProcess, endProcessesIn, type EndSignal, until } from "./end";
import { checkFolder, filesOf, folderExists } from "./folder";
import { killSupervisor } from "./launch";
import { platform } from "./platform/current";
import { entriesIn, groupOf, type Identity, runsFor } from "./processes";
import type { Service } from "./service";
import { asFound, readSupervisorState, type ServiceRecord, type SupervisorState, writeState } from "./state";

export interface StopOptions {
  /** Milliseconds that services are given to stop before they are killed. Default: 10 seconds. */
  readonly deadline?: number;
}

/**
 * Stops every service of `folder`, its supervisor, and every other process that works there, except in the log folder.
 * Works without a responsive supervisor, a state file or the folder. Keeps data.
 * @returns the names of the services that were running; for a process of no known service, its working directory relative to `folder`
 * @throws EndowError `PROCESSES_LEFT`, `SUPERVISOR_STUCK`, `FOLDER_NOT_OURS`, `FOLDER_NOT_PRIVATE`
 */
export const stopAll = async (folder: string, { deadline = 10_000 }: StopOptions = {}): Promise<{ stopped: string[] }> => {
  const start = performance.now();
  const remaining = () => Math.max(deadline - (performance.now() - start), 0);
  const resolved = path.resolve(folder);
  if (!folderExists(resolved)) return { stopped: await sweep(resolved, undefined, remaining()) };

  const checked = checkFolder(resolved);
  // A supervisor that misses the deadline cannot report what it has stopped.
  const ran = runningIn(readIfSound(checked));
  const asked = await askSupervisor(checked, remaining);
  // While we hold the lock, no other process can start what we stop.
  const lock = await platform().takeLock(checked);
  try {
    const state = readIfSound(checked);
    const ended = await endKnown(state, remaining());
    const swept = await sweep(checked, state, remaining());
    if (lock !== undefined && state !== undefined) writeStopped(checked, state);
    return { stopped: [...new Set([...ran, ...asked, ...ended, ...swept])] };
  } finally {
    lock?.release();
  }
};

/** Names of the services whose process, or another process of its group, is running. */
const runningIn = (state: SupervisorState | undefined): string[] =>
  (state?.services ?? [])
    .filter(({ identity, service }) => identity !== undefined && (runsFor(service, identity) || leftBehind(service, identity)))
    .map(({ service }) => service.name);

const leftBehind = ({ directory }: Service, leader: Identity): boolean => directory !== undefined && groupOf(leader).length > 0;

/** Asks the supervisor to stop, kills it if it does not, and returns the names of the services it stopped. */
const askSupervisor = async (folder: string, remaining: () => number): Promise<string[]> => {
  const connection = await connect(folder);
  const stopped = typeof connection === "string" ? [] : await callStop(connection, remaining());
  if (typeof connection === "string" || !(await until(() => !platform().lockIsHeld(folder), 1_500))) await killSupervisor(folder);
  return stopped;
};

const CANNOT = new Set(["SUPERVISOR_UNRESPONSIVE", "SUPERVISOR_GONE", "STATE_NOT_WRITTEN", "PROCESSES_LEFT", "SUPERVISOR_FAILED"]);

const callStop = async ({ call, close }: SupervisorConnection, deadline: number): Promise<string[]> => {
  try {
    return (await call("stop", undefined, deadline)) as string[];
  } catch (error) {
    // The caller stops the rest itself.
    if (CANNOT.has(codeOf(error) ?? "")) return [];
    throw error;
  } finally {
    close();
  }
};

/** Stops the processes listed in the state file, each with its own stop signal, if they match the file. */
const endKnown = async (state: SupervisorState | undefined, wait: number): Promise<string[]> => {
  const names: string[] = [];
  const end = async ({ identity, service }: ServiceRecord) => {
    if (identity === undefined) return;
    const timeout = Math.min(service.stopTimeout, wait);
    const ran = runsFor(service, identity);
    if (ran) await endProcess(identity, service.stopSignal, timeout);
    const others = service.directory === undefined ? 0 : await endGroup(identity, [[service.stopSignal, timeout]]);
    if (ran || others > 0) names.push(service.name);
  };
  await Promise.all((state?.services ?? []).map(end));
  return names;
};

const readIfSound = (folder: string): SupervisorState | undefined => {
  try {
    return readSupervisorState(folder);
  } catch (error) {
    if (codeOf(error) === "STATE_DAMAGED") return undefined;
    throw error;
  }
};

const writeStopped = (folder: string, { supervisor, services }: SupervisorState): void => {
  if (supervisor === undefined) return;
  try {
    writeState(folder, { services: services.map(asFound) });
  } catch (error) {
    // Only `status` reads it, and a full disk must not prevent a user from stopping and deleting.
    if (codeOf(error) !== "STATE_NOT_WRITTEN") throw error;
  }
};

/** Skips processes in the log folder: they are readers, not services. */
const sweep = async (folder: string, state: SupervisorState | undefined, wait: number): Promise<string[]> => {
  const { logs } = filesOf(folder);
  const places = entriesIn(folder, logs).map(({ pid }) => platform().workingDirectory(pid));
  // Some servers wait for their clients after SIGTERM, and exit at once after SIGINT.
  const requests: EndSignal[] = [
    ["SIGTERM", Math.min(wait / 2, 2_000)],
    ["SIGINT", wait / 2],
  ];
  await endProcessesIn(folder, requests, logs);
  const nameOf = (place: string) => state?.services.find(({ service }) => `${place}/`.startsWith(`${service.folder}/`))?.service.name;
  return places.filter((place) => place !== undefined).map((place) => nameOf(place) ?? (path.relative(folder, place) || "."));
};
