import { setMaxListeners } from "node:events";
import { isDeepStrictEqual } from "node:util";
import { EndowError } from "../errors";
import { withRealCause } from "../internal/open-files";
import { ownValue } from "../internal/own-value";
import type { Plan } from "../plan";
import { deliveredValues } from "../plan/delivered";
import type { Group } from "../settings";
import type { Supervisor } from "../supervisor/client";
import { localNameOf, type LocalLeaseRequest, movedProblems } from "./assign";
import { allEnded } from "./concurrency";
import { openEnvironment, thisMachine, type LocalEnvironment, type Machine } from "./environment";
import { othersIn, writeDeclaration } from "./declarations";
import { environmentFolder } from "./folder";
import { ensureGenerated } from "./generated";
import { makeLease, settleLeases, type LocalLease } from "./leases";
import { withLock } from "./lock/lock";
import { madeValues, readFingerprints, recordFingerprints } from "./fingerprints";
import type { RunningServer } from "./server";
import { runningServer, startServer } from "./servers";
import { type Placed, usersOf, versionProblems } from "./shared-servers";
import type { EnvironmentState } from "./state";
import { readStores, readStoresIfSound, writeStores } from "./values";

export interface UpRequest {
  readonly plan: Plan;
  /** The groups that the plan was made from. */
  readonly groups: readonly Group[];
  /** Folder that, with the project, identifies the environment. */
  readonly root: string;
  /**
   * The settings file that declares the groups. The workspace's other settings files may use the environment too: their settings are left alone.
   * @default - the groups are the environment's only users
   */
  readonly declaration?: string;
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
 * @throws EndowError `SERVER_MOVED`, `SERVER_VERSIONS`, `GENERATED_OTHERWISE` or `GENERATED_UNREADABLE` before changing a server,
 * `ENVIRONMENT_BUSY`, `FOLDER_NOT_WRITABLE`, those of `readState`, and those of the
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
  const { plan, groups, progress, signal, moves = [], declaration } = request;
  const { folder } = environment;
  const notes: string[] = [];
  const tell = (note: string) => void notes.push(note);
  await environment.recover(tell);
  const before = await environment.state();
  const isOthers = await othersIn(folder, declaration, groups);
  const servers = plan.servers.map((server): Placed => ({ server, localName: localNameOf(server, before) }));
  const resources = resourcesOn(servers, plan);
  assertNotMoved(before, resources, moves);
  assertOneVersion(before, servers, isOthers);
  const asked = servers.map(({ server, localName }) => [localName, ownValue(request.ports ?? {}, server.name)] as const);
  environment.ports.reserve(Object.fromEntries(asked.flatMap(([name, port]) => (port === undefined ? [] : [[name, port]]))));
  const generated = await allEnded(plan.generated.map((secret) => ensureGenerated(environment, secret)));
  const results = await allEnded(servers.map((placed) => serve(environment, placed, resources, { ...request, tell })));
  const running = results.flatMap((result) => ("running" in result ? [result.running] : []));
  const leases = results.flatMap((result) => ("running" in result ? result.leases : []));
  const failed = results.flatMap((result) => ("error" in result ? [result] : []));
  const supervisor = await environment.supervisor(signal);
  await stopUnneeded(before, servers, isOthers, supervisor);
  const reach = async (localName: string) => {
    if (servers.some((each) => each.localName === localName)) return running.find((each) => each.localName === localName)?.server;
    // Others use it.
    return runningServer(environment, localName, { progress: (message) => progress(localName, message), signal });
  };
  await settleLeases(environment, resources, reach, isOthers);
  const recorded = !isDeepStrictEqual(before, await environment.state());
  const valuesBefore = await readStoresIfSound(folder, groups);
  const unchanged = await stillRunning(failed, servers, supervisor);
  const kept = keptValues(
    folder,
    request,
    valuesBefore ?? {},
    new Set(resources.flatMap(({ localName, setting }) => (unchanged.has(localName) ? [setting] : []))),
  );
  const fields = new Map<string, object>([
    ...leases.map(({ request: { setting }, fields: own }) => [setting, own] as const),
    ...plan.generated.map(({ setting }, index) => [setting, generated[index]?.fields ?? {}] as const),
  ]);
  const supplied = request.supplied ?? {};
  const delivered = deliveredValues(plan, groups, { fieldsOf: (setting) => fields.get(setting), supplied });
  const values = { ...kept, ...delivered, ...supplied };
  recordFingerprints(folder, madeValues(plan, groups, delivered));
  const stores = await writeStores(folder, groups, values);
  if (declaration !== undefined) await writeDeclaration(folder, declaration, groups);
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

/** A setting's lease request on a planned server. */
interface PlacedResource extends LocalLeaseRequest, Placed {}

/** The resources to create on this machine. */
const resourcesOn = (servers: readonly Placed[], { resources }: Plan): readonly PlacedResource[] =>
  resources
    .filter(({ hosting }) => hosting === "own")
    .flatMap((resource) => servers.flatMap((placed) => (placed.server.name === resource.server ? [{ ...resource, ...placed }] : [])));

const assertOneVersion = (state: EnvironmentState, servers: readonly Placed[], isOthers: (id: string) => boolean): void => {
  const problems = versionProblems(state, servers, isOthers);
  if (problems.length > 0) throw new EndowError("SERVER_VERSIONS", "The version of servers that others use would change:", problems);
};

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

/** Values from an earlier run of these settings' servers and of settings that fall back to them. Excludes values that a user supplied then. */
const keptValues = (folder: string, { plan, groups }: UpRequest, before: Up["values"], settings: ReadonlySet<string>): Up["values"] => {
  const recognize = readFingerprints(folder);
  const ofThese = new Set(plan.variables.flatMap(({ name, setting, provider = setting }) => (settings.has(provider) ? [name] : [])));
  return Object.fromEntries(
    madeValues(plan, groups, before).flatMap(({ id, variable, text }) =>
      ofThese.has(variable) && recognize([id], variable, text) === "latest" ? [[variable, text]] : [],
    ),
  );
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
const stopUnneeded = async (
  before: EnvironmentState,
  needed: readonly Placed[],
  isOthers: (id: string) => boolean,
  supervisor: Supervisor,
): Promise<void> => {
  const names = new Set(needed.map(({ localName }) => localName));
  await allEnded(
    Object.keys(before.servers)
      .filter((name) => !names.has(name) && usersOf(before, name, isOthers).length === 0)
      .map((name) => supervisor.remove(name)),
  );
};
