import { existsSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import { fault } from "../errors";
import { endProcessesIn } from "../supervisor/end";
import { localNameOf } from "./assign";
import { serially } from "./concurrency";
import { credentialsIn } from "./credentials";
import type { LocalEnvironment } from "./environment";
import { serversIn } from "./folder";
import { shutOutLate } from "./leases";
import type { Context, ReachableServer } from "./recipe";
import { sentenceOf, startAndWait, type RunningServer, type LocalServerRequest } from "./server";
import { type EnvironmentState, serverIn, withServer } from "./state";

export interface StartOptions {
  /**
   * Whether to clean up after a failed start: stops the process and deletes everything the start created.
   * @default false
   */
  readonly rollback?: boolean;
  /**
   * Whether to reuse a server that this process started with the same request while its pid is unchanged.
   * @default false
   */
  readonly reuse?: boolean;
}

/**
 * Starts a server on its recorded port, or reuses a running one, and disables the logins that are due. Records its name, its port and the version
 * of its data.
 *
 * @throws EndowError those of `startAndWait`, `PORT_TAKEN`
 */
export const startServer = async (
  environment: LocalEnvironment,
  request: LocalServerRequest,
  context: Context,
  { rollback = false, reuse = false }: StartOptions = {},
): Promise<RunningServer> => {
  const localName = localNameOf(request, await environment.state());
  return serially(folderOf(environment, localName), async () => {
    const reused = reuse ? await startedBefore(environment, localName, request) : undefined;
    if (reused) return { ...reused, change: "none", server: { ...reused.server, ...context } };
    const start = () => startNow(environment, localName, request, context);
    return rollback ? withRollback(environment, localName, context, start) : start();
  });
};

/** Servers that this process has started and their requests, by folder. */
const started = new Map<string, { readonly requested: object; readonly running: RunningServer }>();

/** The names are part of it, because a start records them. */
const requestedIn = ({ name, id, kind, version, program, port }: LocalServerRequest): object => ({
  name,
  id,
  kind,
  version,
  program,
  port,
});

const startedBefore = async (
  environment: LocalEnvironment,
  localName: string,
  request: LocalServerRequest,
): Promise<RunningServer | undefined> => {
  const known = started.get(folderOf(environment, localName));
  if (known === undefined || !isDeepStrictEqual(known.requested, requestedIn(request))) return undefined;
  const { pid } = known.running;
  const services = await environment.services();
  return services.some((service) => service.name === localName && service.status === "running" && service.pid === pid)
    ? known.running
    : undefined;
};

const startNow = async (
  environment: LocalEnvironment,
  localName: string,
  request: LocalServerRequest,
  context: Context,
): Promise<RunningServer> => {
  const running = await startAndWait(environment, localName, request, context, async (data) => {
    await assertKnown(environment, localName);
    await environment.change((state) => registered(state, localName, request, data));
  });
  await shutOutLate(environment, running);
  started.set(folderOf(environment, localName), { requested: requestedIn(request), running });
  return running;
};

/** Data in a folder that the state does not mention could belong to any setting. */
const assertKnown = async (environment: LocalEnvironment, localName: string): Promise<void> => {
  const folder = folderOf(environment, localName);
  if (serverIn(await environment.state(), localName) || !existsSync(folder) || (await readdir(folder)).length === 0) return;
  throw fault(
    "RECORD_DAMAGED",
    `${folder} contains data, but neither ${environment.folder}/environment.json nor a valid server.json beside it identifies the data`,
    "restore one of these files from a backup, or move the folder away to start with empty data",
    folder,
  );
};

const registered = (
  state: EnvironmentState,
  localName: string,
  { name, kind, id, version }: LocalServerRequest,
  data: string | undefined,
): EnvironmentState => {
  const before = serverIn(state, localName);
  return withServer(state, localName, {
    kind,
    ...((id ?? before?.id) !== undefined && { id: id ?? before?.id }),
    name,
    ...(version !== undefined && { version }),
    ...(data !== undefined && { data }),
    ...(before?.port !== undefined && { port: before.port }),
    leases: before?.leases ?? [],
  });
};

const withRollback = async (
  environment: LocalEnvironment,
  localName: string,
  context: Context,
  start: () => Promise<RunningServer>,
): Promise<RunningServer> => {
  const existed = existsSync(folderOf(environment, localName));
  const ran = await runningServer(environment, localName, context);
  try {
    return await start();
  } catch (error) {
    // The signal that cancelled the start must not cancel the cleanup.
    const { signal } = new AbortController();
    const undo = () =>
      existed ? stopService(environment, localName, signal) : remove(environment, localName, { removeData: true, signal });
    if (!ran) await undo().catch((left: unknown) => context.progress(`${localName} could not be rolled back: ${sentenceOf(left)}`));
    throw error;
  }
};

/** Returns the server if it is running. Does not start it. */
export const runningServer = async (
  environment: LocalEnvironment,
  localName: string,
  context: Context,
): Promise<ReachableServer | undefined> => {
  const services = await environment.services();
  const recorded = serverIn(await environment.state(), localName);
  if (recorded?.port === undefined) return undefined;
  if (!services.some((service) => service.name === localName && service.status === "running")) return undefined;
  const { name, port, data } = recorded;
  const folder = folderOf(environment, localName);
  return { name, localName, folder, port, data, credentials: credentialsIn(folder), ...context };
};

/** Stops a server and releases its port; `removeData` also deletes its data and its leases. */
export const removeServer = (environment: LocalEnvironment, localName: string, removal: Removal): Promise<void> =>
  serially(folderOf(environment, localName), () => remove(environment, localName, removal));

interface Removal {
  readonly removeData: boolean;
  readonly signal: AbortSignal;
}

const remove = async (environment: LocalEnvironment, localName: string, { removeData, signal }: Removal): Promise<void> => {
  const folder = folderOf(environment, localName);
  started.delete(folder);
  await stopService(environment, localName, signal);
  // Ends processes that no state file mentions. On SIGTERM PostgreSQL waits for its clients; on SIGINT it stops at once.
  await endProcessesIn(folder, [["SIGINT", 5_000]]);
  if (removeData) await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  await environment.change((state) => forgotten(state, localName, removeData));
};

/** Stops and removes a service. Starts a supervisor only if the service exists. */
export const stopService = async (environment: LocalEnvironment, name: string, signal: AbortSignal): Promise<void> => {
  const services = await environment.services();
  if (services.some((service) => service.name === name)) await (await environment.supervisor(signal)).remove(name);
};

const forgotten = (state: EnvironmentState, localName: string, removeData: boolean): EnvironmentState => {
  const { [localName]: server, ...servers } = state.servers;
  if (server === undefined || removeData) return { ...state, servers };
  const { port: _, ...kept } = server;
  return withServer(state, localName, kept);
};

const folderOf = ({ folder }: LocalEnvironment, localName: string): string => path.join(serversIn(folder), localName);
