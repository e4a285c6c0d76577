import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import { ownValue } from "../own-value";
import type { PlannedServer } from "../plan";
import { statusOf } from "../supervisor/client";
import { endProcessesIn } from "../supervisor/end";
import { credentialsIn } from "./credentials";
import type { LocalEnvironment } from "./environment";
import { serversIn } from "./folder";
import { shutOutLate } from "./leases";
import type { LocalServer, ReachableServer } from "./recipe";
import type { EnvironmentState } from "./state";
import { serially } from "./concurrency";
import { startAndWait, sentenceOf, type RunningServer } from "./server";

/** Who waits for a step: told what takes long, and able to end it. */
export type Waiting = Pick<LocalServer, "progress" | "signal">;

/** A server as the plan and the user ask for it. */
export interface LocalServerRequest extends Pick<PlannedServer, "name" | "kind" | "formerly"> {
  readonly version?: string | undefined;
  /** Program named by the user. */
  readonly program?: string | undefined;
  /** Port asked for by the user. */
  readonly port?: number | undefined;
  /** The name that it has here, where that is known. */
  readonly localName?: string;
}

/** The name that a planned server has here: one whose setting got another id keeps its folder. */
export const localNameOf = (
  { name, formerly, localName: here }: Pick<LocalServerRequest, "name" | "formerly" | "localName">,
  { ports, leases }: EnvironmentState,
): string => here ?? [name, ...formerly].find((known) => known in ports || leases.some(({ server }) => server === known)) ?? name;

/**
 * Brings a server up on the port that it had before, or finds it so, and shuts out the logins that have to be. Its port and its names are
 * recorded.
 *
 * @throws EndowError those of `startAndWait`, `PORT_TAKEN`
 */
export const startServer = async (environment: LocalEnvironment, wanted: LocalServerRequest, waiting: Waiting): Promise<RunningServer> => {
  const here = localNameOf(wanted, await environment.record());
  return serially(folderOf(environment, here), () => start(environment, here, wanted, waiting));
};

/** As `startServer`, and nothing is left of one that does not come up: its process is ended, and what there was not before is removed. */
export const startServerWhole = async (
  environment: LocalEnvironment,
  wanted: LocalServerRequest,
  waiting: Waiting,
): Promise<RunningServer> => {
  const here = localNameOf(wanted, await environment.record());
  return serially(folderOf(environment, here), () => startWhole(environment, here, wanted, waiting));
};

/**
 * As `startServerWhole`, but one that this process has brought up by the same wishes is not looked at again, as long as it is that very
 * process.
 */
export const ensureServer = async (environment: LocalEnvironment, wanted: LocalServerRequest, waiting: Waiting): Promise<RunningServer> => {
  const here = localNameOf(wanted, await environment.record());
  const folder = folderOf(environment, here);
  return serially(folder, async () => {
    const known = brought.get(folder);
    const { services } = known ? await statusOf(environment.folder) : { services: [] };
    const runs = services.some(({ name, status, pid }) => name === here && status === "running" && pid === known?.running.pid);
    if (!known || !runs || !isDeepStrictEqual(known.wishes, wishesOf(wanted))) return startWhole(environment, here, wanted, waiting);
    return { ...known.running, change: "none", server: { ...known.running.server, ...waiting } };
  });
};

/** By folder: servers that this process has brought up, each with what was wished. */
const brought = new Map<string, { readonly wishes: object; readonly running: RunningServer }>();

const wishesOf = ({ kind, version, program, port }: LocalServerRequest): object => ({ kind, version, program, port });

const start = async (
  environment: LocalEnvironment,
  here: string,
  wanted: LocalServerRequest,
  { progress, signal }: Waiting,
): Promise<RunningServer> => {
  const running = await startAndWait({
    planned: { ...wanted, name: here },
    folder: serversIn(environment.folder),
    program: wanted.program,
    port: () => environment.portFor(here, wanted.port),
    supervisor: environment.supervisor(signal),
    progress,
    signal,
  });
  await environment.change((record) => ({ ...record, names: { ...record.names, [here]: wanted.name } }));
  await shutOutLate(environment, running);
  brought.set(folderOf(environment, here), { wishes: wishesOf(wanted), running });
  return running;
};

const startWhole: typeof start = async (environment, here, wanted, waiting) => {
  const existed = existsSync(folderOf(environment, here));
  const ran = await runningServer(environment, here, waiting);
  try {
    return await start(environment, here, wanted, waiting);
  } catch (error) {
    // What cut the start off must not cut this off.
    const { signal } = new AbortController();
    const undo = () => (existed ? stopService(environment, here, signal) : remove(environment, here, { removeData: true, signal }));
    if (!ran) await undo().catch((left: unknown) => waiting.progress(`${here} could not be taken back: ${sentenceOf(left)}`));
    throw error;
  }
};

/** A server that runs at this moment, for work that needs it up; `undefined` when it does not. Starts nothing. */
export const runningServer = async (
  { folder, record }: LocalEnvironment,
  here: string,
  waiting: Waiting,
): Promise<ReachableServer | undefined> => {
  const { services } = await statusOf(folder);
  const port = ownValue((await record()).ports, here);
  if (port === undefined || !services.some(({ name, status }) => name === here && status === "running")) return undefined;
  const own = path.join(serversIn(folder), here);
  return { name: here, folder: own, port, credentials: credentialsIn(own), ...waiting };
};

/** Stops a server and forgets its port; with `removeData` its data goes as well, and with it what settings had there. */
export const removeServer = (environment: LocalEnvironment, here: string, removal: Removal): Promise<void> =>
  serially(folderOf(environment, here), () => remove(environment, here, removal));

interface Removal {
  readonly removeData: boolean;
  readonly signal: AbortSignal;
}

const remove = async (environment: LocalEnvironment, here: string, { removeData, signal }: Removal): Promise<void> => {
  const folder = folderOf(environment, here);
  brought.delete(folder);
  await stopService(environment, here, signal);
  // What no state file names any more. PostgreSQL waits for its clients after SIGTERM, and ends at once after SIGINT.
  await endProcessesIn(folder, [["SIGINT", 5_000]]);
  if (removeData) await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  await environment.change((record) => forgotten(record, here, removeData));
};

/** Ends a service that a supervisor knows and forgets it. Starts a supervisor only when there is one to end. */
export const stopService = async ({ folder, supervisor }: LocalEnvironment, name: string, signal: AbortSignal): Promise<void> => {
  const { services } = await statusOf(folder);
  if (services.some((service) => service.name === name)) await (await supervisor(signal)).remove(name);
};

const forgotten = (record: EnvironmentState, here: string, removeData: boolean): EnvironmentState => {
  const { [here]: _port, ...ports } = record.ports;
  const { [here]: _name, ...names } = record.names;
  return { ...record, ports, names, leases: removeData ? record.leases.filter(({ server }) => server !== here) : record.leases };
};

const folderOf = ({ folder }: LocalEnvironment, here: string): string => path.join(serversIn(folder), here);
