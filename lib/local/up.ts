import { setMaxListeners } from "node:events";
import { isDeepStrictEqual } from "node:util";
import { EndowError } from "../errors";
import { withRealCause } from "../internal/open-files";
import { ownValue } from "../internal/own-value";
import type { Plan, PlannedServer } from "../plan";
import { deliveredValues } from "../plan/delivered";
import type { Group } from "../settings";
import type { Supervisor } from "../supervisor/client";
import { holderOf, localNameOf, type LocalLeaseRequest, movedProblems } from "./assign";
import { allEnded } from "./concurrency";
import { openEnvironment, thisMachine, type LocalEnvironment, type Machine } from "./environment";
import { environmentFolder } from "./folder";
import { makeLease, settleLeases, type LocalLease } from "./leases";
import { withLock } from "./lock/lock";
import { areProvisioned, readProvisionedValues } from "./provisioned-values";
import type { RunningServer } from "./server";
import { startServer } from "./servers";
import { type EnvironmentState, serverIn } from "./state";
import { readStores, readStoresIfSound, writeStores } from "./values";

export interface UpRequest {
  readonly plan: Plan;
  /** The groups that the plan was made from. */
  readonly groups: readonly Group[];
  /** Folder of the declaration. */
  readonly root: string;
  /** Values supplied by the user, by variable. */
  readonly supplied?: Readonly<Record<string, string>>;
  /** Programs named by the user, by server. */
  readonly programs?: Readonly<Record<string, string>>;
  /** Ports set by the user, by server. */
  readonly ports?: Readonly<Record<string, number>>;
  /** Ids of settings that move to another server and leave their data behind. */
  readonly moves?: readonly string[];
  /** Called when a server's step takes a while. */
  readonly progress?: (server: string, message: string) => void;
  readonly signal?: AbortSignal;
}

/** A server that could not be started. */
export interface FailedServer {
  /** Name in the plan. */
  readonly name: string;
  readonly error: EndowError;
}

export interface Up {
  /** Folder of the environment's servers, data and credentials. */
  readonly folder: string;
  readonly servers: readonly RunningServer[];
  /** Servers that could not be started, and why. */
  readonly failed: readonly FailedServer[];
  /** Values by variable, including secrets. */
  readonly values: Readonly<Record<string, string>>;
  /** Address of each group's values, by its `ENDOW_<GROUP>` variable. */
  readonly stores: Readonly<Record<string, string>>;
  /** Whether anything was started, created or changed. */
  readonly changed: boolean;
  /** One-time messages for the user about this run, without secrets. */
  readonly notes: readonly string[];
}

/**
 * Starts a development environment on this machine: its servers, a lease for every setting, and the values of every group. Reuses what is already
 * up to date. A server that cannot be started is reported; the others still start.
 *
 * @throws EndowError `SERVER_MOVED` before changing anything, `ENVIRONMENT_BUSY`, `FOLDER_NOT_WRITABLE`, those of `readState`, and those of the
 * supervisor.
 */
export const up = async (request: UpRequest, machine: Machine = thisMachine): Promise<Up> => {
  const { plan, root, progress = () => undefined, signal = new AbortController().signal } = request;
  // Every server and every lease waits on the one signal.
  setMaxListeners(0, signal);
  const { project, environment } = plan;
  const folder = environmentFolder({ project, root }, environment.name);
  const place = { project, root, environment: environment.name, folder };
  const waiting = () => progress(environment.name, "waiting for another run to finish");
  return withLock(folder, { signal, waiting }, async () => {
    const opened = openEnvironment(place, machine);
    try {
      return await converge(opened, { ...request, progress, signal });
    } finally {
      await opened.close();
    }
  });
};

type ConvergeRequest = Required<Pick<UpRequest, "progress" | "signal">> & UpRequest;

/** Like `up`, on an open environment. */
const converge = async (environment: LocalEnvironment, request: ConvergeRequest): Promise<Up> => {
  const { plan, groups, signal, moves = [] } = request;
  const { folder } = environment;
  const notes: string[] = [];
  const tell = (note: string) => void notes.push(note);
  await environment.recover(tell);
  const before = await environment.state();
  const servers = plan.servers.map((server): Placed => ({ server, localName: localNameOf(server, before) }));
  const resources = resourcesOn(servers, plan);
  assertNotMoved(before, resources, moves);
  const asked = servers.map(({ server, localName }) => [localName, ownValue(request.ports ?? {}, server.name)] as const);
  environment.ports.reserve(Object.fromEntries(asked.flatMap(([name, port]) => (port === undefined ? [] : [[name, port]]))));
  const results = await allEnded(servers.map((placed) => serve(environment, placed, resources, { ...request, tell })));
  const running = results.flatMap((result) => ("running" in result ? [result.running] : []));
  const leases = results.flatMap((result) => ("running" in result ? result.leases : []));
  const failed = results.flatMap((result) => ("error" in result ? [result] : []));
  const supervisor = await environment.supervisor(signal);
  await stopUnneeded(before, servers, supervisor);
  await settleLeases(environment, resources, running);
  const recorded = !isDeepStrictEqual(before, await environment.state());
  const valuesBefore = await readStoresIfSound(folder, groups);
  const unchanged = await stillRunning(failed, servers, supervisor);
  const kept = await keptValues(
    environment,
    groups,
    resources.filter(({ localName }) => unchanged.has(localName)),
  );
  const fields = new Map(leases.map(({ request: { setting }, fields: own }) => [setting, own]));
  const supplied = request.supplied ?? {};
  const delivered = deliveredValues(plan, groups, { fieldsOf: (setting) => fields.get(setting), supplied });
  const values = { ...kept, ...delivered, ...supplied };
  const stores = await writeStores(folder, groups, values);
  const valuesAfter = await readStores(folder, groups);
  return {
    folder,
    servers: running,
    failed,
    values,
    stores,
    changed:
      recorded ||
      !isDeepStrictEqual(valuesBefore, valuesAfter) ||
      running.some(({ change }) => change === "started" || change === "restarted"),
    notes,
  };
};

/** A planned server and its local name. */
interface Placed {
  readonly server: PlannedServer;
  readonly localName: string;
}

/** A setting's lease request on a planned server. */
interface PlacedResource extends LocalLeaseRequest, Placed {}

/** The resources to create on this machine. */
const resourcesOn = (servers: readonly Placed[], { resources }: Plan): readonly PlacedResource[] =>
  resources
    .filter(({ hosting }) => hosting === "own")
    .flatMap((resource) => servers.flatMap((placed) => (placed.server.name === resource.server ? [{ ...resource, ...placed }] : [])));

const assertNotMoved = (state: EnvironmentState, resources: readonly PlacedResource[], moves: readonly string[]): void => {
  const problems = movedProblems(state, resources, moves);
  if (problems.length > 0)
    throw new EndowError("SERVER_MOVED", "These settings would leave their data behind, so nothing was changed:", problems);
};

/** Local names of servers that could not be updated but are still running unchanged. */
const stillRunning = async (
  failed: readonly FailedServer[],
  servers: readonly Placed[],
  supervisor: Supervisor,
): Promise<ReadonlySet<string>> => {
  const states = await supervisor.status();
  const isFailed = (name: string) => failed.some((failure) => failure.name === name);
  const names = servers.filter(({ server }) => isFailed(server.name)).map(({ localName }) => localName);
  return new Set(names.filter((name) => states.some((state) => state.name === name && state.status === "running")));
};

/** Values these resources got from their servers in an earlier run. Excludes values the user supplied then. */
const keptValues = async (
  environment: LocalEnvironment,
  groups: readonly Group[],
  resources: readonly PlacedResource[],
): Promise<Up["values"]> => {
  const provisioned = new Map(Object.entries(await readProvisionedValues(environment.folder, groups)));
  const state = await environment.state();
  const found = resources.flatMap((resource) => {
    const holder = holderOf(state, resource.localName, resource);
    const leases = serverIn(state, resource.localName)?.leases.filter(({ id }) => id === holder) ?? [];
    const values = provisioned.get(resource.id)?.values ?? {};
    const logins = leases.map(({ name }) => name);
    return areProvisioned(Object.values(values), logins) ? Object.entries(values) : [];
  });
  return Object.fromEntries(found);
};

type Served = { readonly running: RunningServer; readonly leases: readonly LocalLease[] } | FailedServer;

/** Starts one server and makes all its leases. Returns an `EndowError` instead of throwing it, so that the other servers continue. */
const serve = async (
  environment: LocalEnvironment,
  { server, localName }: Placed,
  resources: readonly PlacedResource[],
  { programs, ports, progress, signal, tell }: ConvergeRequest & { readonly tell: (note: string) => void },
): Promise<Served> => {
  const { name } = server;
  const own = resources.filter((resource) => resource.localName === localName);
  try {
    const [program, port] = [ownValue(programs ?? {}, name), ownValue(ports ?? {}, name)];
    const context = { progress: (message: string) => progress(name, message), signal };
    const running = await startServer(environment, { ...server, program, port, localName }, context);
    return { running, leases: await allEnded(own.map((resource) => makeLease(environment, running, resource, tell))) };
  } catch (thrown) {
    signal.throwIfAborted();
    const error = withRealCause(thrown);
    if (!(error instanceof EndowError)) throw error;
    return { name, error };
  }
};

/** Stops servers that no setting uses any more. Keeps their data. */
const stopUnneeded = async ({ servers }: EnvironmentState, needed: readonly Placed[], supervisor: Supervisor): Promise<void> => {
  const names = new Set(needed.map(({ localName }) => localName));
  await allEnded(
    Object.keys(servers)
      .filter((name) => !names.has(name))
      .map((name) => supervisor.remove(name)),
  );
};
