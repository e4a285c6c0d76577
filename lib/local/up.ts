import { isDeepStrictEqual } from "node:util";
import { EndowError } from "../errors";
import { withRealCause } from "../internal/open-files";
import type { Plan, PlannedResource, PlannedServer } from "../plan";
import type { Group } from "../settings";
import type { Supervisor } from "../supervisor/client";
import { openEnvironment, type LocalEnvironment } from "./environment";
import { environmentFolder } from "./folder";
import { makeLease, movedNotes, settleLeases, type LocalLease } from "./leases";
import type { EnvironmentState } from "./state";
import type { RunningServer } from "./server";
import { localNameOf, startServer } from "./servers";
import { withLock } from "./lock/lock";
import { areProvisioned, readProvisionedValues } from "./provisioned-values";
import { readStores, readStoresIfSound, valuesOf, writeStores } from "./values";

export interface UpRequest {
  readonly plan: Plan;
  /** The groups that the plan was made from. */
  readonly groups: readonly Group[];
  /** Folder of the declaration. */
  readonly root: string;
  /** Values that a person has supplied, by variable. */
  readonly supplied?: Readonly<Record<string, string>>;
  /** Programs named by the user, by server. */
  readonly programs?: Readonly<Record<string, string>>;
  /** Ports asked for by the user, by server. */
  readonly ports?: Readonly<Record<string, number>>;
  /** Called when a step of a server takes longer than a moment. */
  readonly progress?: (server: string, message: string) => void;
  readonly signal?: AbortSignal;
}

/** A server that could not be brought up. */
export interface FailedServer {
  readonly name: string;
  readonly error: EndowError;
}

export interface Up {
  /** Where the environment's servers, data and credentials are. */
  readonly folder: string;
  readonly servers: readonly RunningServer[];
  /** Servers that could not be brought up, and why. */
  readonly failed: readonly FailedServer[];
  /** Values by variable, secrets among them. */
  readonly values: Readonly<Record<string, string>>;
  /** Address of each group's values, by its `ENDOW_<GROUP>` variable. */
  readonly stores: Readonly<Record<string, string>>;
  /** Whether anything was started, made or changed. */
  readonly changed: boolean;
  /** What a person should know of what was done, said once: sentences without a secret. */
  readonly notes: readonly string[];
}

/**
 * Brings a development environment up on this machine: its servers, a lease for every setting, and the values of every group. What is so
 * already is left alone. A server that this machine cannot have is reported; the others run all the same.
 *
 * @throws EndowError `ENVIRONMENT_BUSY`, `FOLDER_NOT_WRITABLE`, `RECORD_DAMAGED`, `RECORD_UNREADABLE`, and those of the supervisor.
 */
export const up = async (request: UpRequest): Promise<Up> => {
  const { plan, root, ports, progress = () => undefined, signal = new AbortController().signal } = request;
  const { project, environment } = plan;
  const folder = environmentFolder({ project, root }, environment.name);
  const place = { project, root, environment: environment.name, folder };
  const waiting = () => progress(environment.name, "waiting for another run to finish");
  return withLock(folder, { signal, waiting }, async () => {
    const opened = openEnvironment(place, ports);
    try {
      return await converge({ ...request, progress, signal }, opened);
    } finally {
      await opened.close();
    }
  });
};

type Request = Required<Pick<UpRequest, "progress" | "signal">> & UpRequest;

const converge = async (request: Request, environment: LocalEnvironment): Promise<Up> => {
  const { groups, signal } = request;
  const { folder } = environment;
  const before = await environment.record();
  const servers = new Map(request.plan.servers.map((server) => [localNameOf(server, before), server]));
  const resources = placed(request.plan, before);
  const results = await allEnded(
    [...servers].map(([here, server]) => {
      const own = resources.filter((resource) => resource.server === here);
      return serve(environment, here, { server, resources: own, ...request });
    }),
  );
  const running = results.flatMap((result) => ("server" in result ? [result.server] : []));
  const leases = results.flatMap((result) => ("server" in result ? result.leases : []));
  const failed = results.flatMap((result) => ("error" in result ? [result] : []));
  const supervisor = await environment.supervisor(signal);
  await stopUnneeded(before, servers, supervisor);
  await settleLeases(environment, resources, running);
  const recorded = !isDeepStrictEqual(before, await environment.record());
  const valuesBefore = await readStoresIfSound(folder, groups);
  const unchanged = await stillRunning(failed, supervisor);
  const kept = await keptValues(
    folder,
    groups,
    resources.filter(({ server }) => unchanged.has(server)),
  );
  const values = { ...kept, ...valuesOf(groups, leases), ...request.supplied };
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
    notes: movedNotes(
      before,
      leases.map(({ resource }) => resource),
    ),
  };
};

/** Servers that could not be brought to what was asked for, and run on as they were. */
const stillRunning = async (failed: readonly FailedServer[], supervisor: Supervisor): Promise<ReadonlySet<string>> => {
  const states = await supervisor.status();
  return new Set(
    failed.map(({ name }) => name).filter((name) => states.some((state) => state.name === name && state.status === "running")),
  );
};

/** What these resources' servers gave in an earlier run. A value that a person had supplied then is not among it. */
const keptValues = async (folder: string, groups: readonly Group[], resources: readonly PlannedResource[]): Promise<Up["values"]> => {
  const own = await readProvisionedValues(folder, groups);
  const found = resources.flatMap(({ id }) => own[id] ?? []).filter(({ values, logins }) => areProvisioned(Object.values(values), logins));
  return Object.fromEntries(found.flatMap(({ values }) => Object.entries(values)));
};

/** As `Promise.all`, but an error waits for the others: none is cut off halfway, or goes on when the caller believes that all is over. */
const allEnded = async <T>(all: readonly Promise<T>[]): Promise<T[]> => {
  await Promise.allSettled(all);
  return Promise.all(all);
};

type Served = { readonly server: RunningServer; readonly leases: readonly LocalLease[] } | FailedServer;

interface Serving extends Request {
  readonly server: PlannedServer;
  readonly resources: readonly PlannedResource[];
}

/** One server with all its leases, or why not: then the others are not held up. */
const serve = async (environment: LocalEnvironment, here: string, serving: Serving): Promise<Served> => {
  const { server: planned, resources, programs, ports, progress, signal } = serving;
  try {
    const wanted = { ...planned, program: programs?.[here], port: ports?.[here] };
    const server = await startServer(environment, wanted, { progress: (message) => progress(here, message), signal });
    return { server, leases: await Promise.all(resources.map((resource) => makeLease(environment, server, resource))) };
  } catch (thrown) {
    signal.throwIfAborted();
    const error = withRealCause(thrown);
    if (!(error instanceof EndowError)) throw error;
    return { name: here, error };
  }
};

/** Servers that no setting lives on any more. Their data stays. */
const stopUnneeded = async (
  { ports }: EnvironmentState,
  needed: ReadonlyMap<string, PlannedServer>,
  supervisor: Supervisor,
): Promise<void> => {
  await Promise.all(
    Object.keys(ports)
      .filter((name) => !needed.has(name))
      .map((name) => supervisor.remove(name)),
  );
};

/** What is to be made, each on its server by the name that this has here. */
const placed = ({ servers, resources }: Plan, record: EnvironmentState): readonly PlannedResource[] => {
  const names = new Map(servers.map((server) => [server.name, localNameOf(server, record)]));
  return resources
    .filter(({ hosting }) => hosting === "own")
    .map((resource) => ({ ...resource, server: names.get(resource.server) ?? resource.server }));
};
