import { isDeepStrictEqual } from "node:util";
import { EndowError } from "../errors";
import type { Plan, PlannedResource, PlannedServer } from "../plan";
import type { Group } from "../settings";
import { supervise, type Supervisor } from "../supervisor/client";
import { environmentFolder, serversIn } from "./folder";
import { leaseAll, movedNotes, settleLeases, type Lease } from "./leases";
import { portBook } from "./ports";
import { readRecord, writeRecord, type EnvironmentRecord } from "./record";
import { bringUp, type RunningServer } from "./server";
import { exclusively } from "./exclusive";
import { areOwn, readOwnValues } from "./own";
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
export interface Failure {
  readonly name: string;
  readonly error: EndowError;
}

export interface Up {
  /** Where the environment's servers, data and credentials are. */
  readonly folder: string;
  readonly servers: readonly RunningServer[];
  /** Servers that could not be brought up, and why. */
  readonly failed: readonly Failure[];
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
  const { plan, root, progress = () => undefined, signal = new AbortController().signal } = request;
  const folder = environmentFolder({ project: plan.project, root }, plan.environment.name);
  return exclusively(folder, { signal, waiting: () => progress(plan.environment.name, "waiting for another run to finish") }, async () => {
    const supervisor = supervise(folder, { signal });
    // Whoever awaits it sees the error; until then it is nobody's rejection.
    supervisor.catch(() => undefined);
    try {
      return await converge({ ...request, progress, signal }, folder, supervisor);
    } finally {
      await supervisor.then(
        (connection) => connection.close(),
        () => undefined,
      );
    }
  });
};

const converge = async (
  request: Required<Pick<UpRequest, "progress" | "signal">> & UpRequest,
  folder: string,
  supervisor: Promise<Supervisor>,
): Promise<Up> => {
  const before = (await readRecord(folder)) ?? emptyRecord(request);
  const { servers: planned, resources } = placed(request.plan, before);
  const ports = portBook(request.ports ?? {}, before.ports, async (name) => {
    const states = await (await supervisor).status();
    return states.find((service) => service.name === name && service.status === "running")?.port;
  });
  const results = await allEnded(
    planned.map((server) =>
      serve(server, { request, folder, supervisor, known: before.leases, resources, port: () => ports.portFor(server.name) }),
    ),
  );
  const running = results.flatMap((result) => ("server" in result ? [result.server] : []));
  const leases = results.flatMap((result) => ("server" in result ? result.leases : []));
  const failed = results.flatMap((result) => ("error" in result ? [result] : []));
  await stopUnneeded(before, planned, await supervisor);
  const after: EnvironmentRecord = {
    ...before,
    ports: { ...before.ports, ...ports.chosen },
    leases: await settleLeases(before.leases, leases, resources, running),
  };
  const recorded = JSON.stringify(after) !== JSON.stringify(before);
  if (recorded) await writeRecord(folder, after);
  const valuesBefore = await readStoresIfSound(folder, request.groups);
  const unchanged = await stillRunning(failed, await supervisor);
  const kept = await keptValues(
    folder,
    request.groups,
    resources.filter(({ server }) => unchanged.has(server)),
  );
  const values = { ...kept, ...valuesOf(request.groups, leases), ...request.supplied };
  const stores = await writeStores(folder, request.groups, values);
  const valuesAfter = await readStores(folder, request.groups);
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
    notes: movedNotes(before.leases, leases),
  };
};

/** Servers that could not be brought to what was asked for, and run on as they were. */
const stillRunning = async (failed: readonly Failure[], supervisor: Supervisor): Promise<ReadonlySet<string>> => {
  const states = await supervisor.status();
  return new Set(
    failed.map(({ name }) => name).filter((name) => states.some((state) => state.name === name && state.status === "running")),
  );
};

/** What these resources' servers gave in an earlier run. A value that a person had supplied then is not among it. */
const keptValues = async (folder: string, groups: readonly Group[], resources: readonly PlannedResource[]): Promise<Up["values"]> => {
  const own = await readOwnValues(folder, groups);
  const found = resources.flatMap(({ id }) => own[id] ?? []).filter(({ values, logins }) => areOwn(Object.values(values), logins));
  return Object.fromEntries(found.flatMap(({ values }) => Object.entries(values)));
};

/** As `Promise.all`, but an error waits for the others: none is cut off halfway, or goes on when the caller believes that all is over. */
const allEnded = async <T>(all: readonly Promise<T>[]): Promise<T[]> => {
  await Promise.allSettled(all);
  return Promise.all(all);
};

interface Serving {
  readonly request: Required<Pick<UpRequest, "progress" | "signal">> & UpRequest;
  readonly folder: string;
  readonly supervisor: Promise<Supervisor>;
  readonly known: EnvironmentRecord["leases"];
  readonly resources: readonly PlannedResource[];
  readonly port: () => Promise<number>;
}

type Served = { readonly server: RunningServer; readonly leases: readonly Lease[] } | Failure;

/** One server with all its leases, or why not: then the others are not held up. */
const serve = async (planned: PlannedServer, { request, folder, supervisor, known, resources, port }: Serving): Promise<Served> => {
  const { progress, signal } = request;
  try {
    const server = await bringUp({
      planned,
      folder: serversIn(folder),
      program: request.programs?.[planned.name],
      port,
      supervisor,
      progress: (message) => progress(planned.name, message),
      signal,
    });
    const own = resources.filter((resource) => resource.server === planned.name);
    return { server, leases: await leaseAll(server, own, known) };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof EndowError)) throw error;
    return { name: planned.name, error };
  }
};

/** Servers that no setting lives on any more. Their data stays. */
const stopUnneeded = async ({ ports }: EnvironmentRecord, planned: readonly PlannedServer[], supervisor: Supervisor): Promise<void> => {
  const needed = new Set(planned.map(({ name }) => name));
  await Promise.all(
    Object.keys(ports)
      .filter((name) => !needed.has(name))
      .map((name) => supervisor.remove(name)),
  );
};

/** The plan with the names that its servers have here: one whose setting got another id keeps its folder. */
const placed = ({ servers, resources }: Plan, { ports }: EnvironmentRecord): Pick<Plan, "servers" | "resources"> => {
  const nameHere = new Map(servers.map(({ name, formerly }) => [name, [name, ...formerly].find((known) => known in ports) ?? name]));
  return {
    servers: servers.map((server) => ({ ...server, name: nameHere.get(server.name) ?? server.name })),
    resources: resources
      .filter(({ existing }) => !existing)
      .map((resource) => ({ ...resource, server: nameHere.get(resource.server) ?? resource.server })),
  };
};

const emptyRecord = ({ plan, root }: UpRequest): EnvironmentRecord => ({
  version: 1,
  project: plan.project,
  root,
  environment: plan.environment.name,
  ports: {},
  leases: [],
});
