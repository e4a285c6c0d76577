import { existsSync, statSync } from "node:fs";
import { rm } from "node:fs/promises";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fault } from "../errors";
import { maskOf } from "../mask";
import type { Supervisor } from "../supervisor/client";
import { filesOf } from "../supervisor/folder";
import { lastLines } from "../supervisor/log";
import type { Service, ServiceState } from "../supervisor/service";
import type { LocalEnvironment } from "./environment";
import { processesIn } from "./folder";
import { makeOwnFolder } from "../files/make-folders";
import { isFree } from "./ports";
import { checkCommand } from "./process/command";
import { notReadyYet } from "./process/ready";
import { checkSize } from "./process/size";
import { keepVariables } from "./process/variables";
import { serially } from "./concurrency";
import { sentenceOf } from "./server";
import type { Context } from "./recipe";
import { stopService } from "./servers";

/** An app to run on this machine. */
export interface ProcessRequest {
  /** `[a-z][a-z0-9-]{0,36}` */
  readonly name: string;
  /** Program and arguments, which other users of the machine can read. */
  readonly command: readonly string[];
  /** Absolute working folder. */
  readonly cwd: string;
  /** Port on 127.0.0.1 that it listens on, passed as `PORT`. */
  readonly port?: number | undefined;
  /** Path that responds with 2xx or 3xx once the app is ready. */
  readonly health?: string | undefined;
  /** May include secrets. */
  readonly variables: Readonly<Record<string, string>>;
}

/** Milliseconds an app may take to become ready. */
const READY_WITHIN = 60_000;

/** Milliseconds an app may take to stop. */
const STOP_TIMEOUT = 10_000;

/** Variables the app inherits from the process that starts it. None is secret. */
const INHERITED = ["PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR"];

/** `exec` replaces the shell, so only the app's process remains. */
const START = 'set -a; . "$0"; set +a; exec "$@"';

/** Name of an app's service. */
export const serviceOf = (name: string): string => `app-${name}`;

/** An app's own folder. */
export const processFolder = (environment: string, name: string): string => path.join(processesIn(environment), name);

/** File with an app's output. */
export const processLog = (environment: string, name: string): string => filesOf(environment).serviceLog(serviceOf(name));

/**
 * Starts an app under the environment's supervisor, reuses a running one, or restarts it if it has changed. Resolves when the app is ready; stops
 * it if it does not become ready.
 *
 * @throws EndowError `WORKING_FOLDER_NOT_FOUND`, `COMMAND_NOT_FOUND`, `PORT_TAKEN`, `PROCESS_ENDED`, `PROCESS_NOT_READY`, and those of `checkSize`
 */
export const startProcess = (environment: LocalEnvironment, wanted: ProcessRequest, context: Context): Promise<void> => {
  const folder = processFolder(environment.folder, wanted.name);
  return serially(folder, async () => {
    const searched = wanted.variables["PATH"] ?? process.env["PATH"] ?? "";
    await checkCommand({ ...wanted, searched });
    await checkSize({ ...wanted, variables: { ...inherited(), ...variablesOf(wanted) } });
    const supervisor = await environment.supervisor(context.signal);
    await makePortFree(wanted, supervisor);
    const existed = existsSync(folder);
    try {
      await makeOwnFolder(folder);
      await run(environment, wanted, { ...context, supervisor });
    } catch (error) {
      // The signal that cancelled the start must not cancel the cleanup.
      const undo = stopService(environment, serviceOf(wanted.name), new AbortController().signal);
      await undo.catch((left: unknown) => context.progress(`${wanted.name} could not be stopped: ${sentenceOf(left)}`));
      if (!existed) await rm(folder, { recursive: true, force: true });
      throw error;
    }
  });
};

/** Stops an app and all its child processes, and deletes its folder. */
export const removeProcess = (environment: LocalEnvironment, name: string, signal: AbortSignal): Promise<void> => {
  const folder = processFolder(environment.folder, name);
  return serially(folder, async () => {
    await stopService(environment, serviceOf(name), signal);
    await rm(folder, { recursive: true, force: true });
  });
};

interface Running extends Context {
  readonly supervisor: Supervisor;
}

const run = async ({ folder }: LocalEnvironment, wanted: ProcessRequest, { supervisor, progress, signal }: Running): Promise<void> => {
  const service = await serviceFor(wanted, processFolder(folder, wanted.name));
  const log = processLog(folder, wanted.name);
  const logStart = statSync(log, { throwIfNoEntry: false })?.size ?? 0;
  const late = setTimeout(() => progress("waiting for the app to become ready"), 1_000);
  try {
    const started = await supervisor.apply(service);
    const why = await whyNotReady(wanted, started, supervisor, signal);
    if (why) throw notReady(wanted, { ...why, log, logStart });
  } finally {
    clearTimeout(late);
  }
};

const variablesOf = ({ variables, port }: ProcessRequest): Readonly<Record<string, string>> => ({
  ...variables,
  ...(port !== undefined && { PORT: String(port) }),
});

const inherited = (): Readonly<Record<string, string>> =>
  Object.fromEntries(
    INHERITED.flatMap((variable) => {
      const value = process.env[variable];
      return value === undefined ? [] : [[variable, value] as const];
    }),
  );

const serviceFor = async (wanted: ProcessRequest, folder: string): Promise<Service> => {
  const { name, command, cwd, port } = wanted;
  const { file, revision } = await keepVariables(folder, variablesOf(wanted));
  return {
    name: serviceOf(name),
    command: ["/bin/sh", "-c", START, file, ...command],
    folder,
    directory: cwd,
    environment: inherited(),
    stopSignal: "SIGTERM",
    stopTimeout: STOP_TIMEOUT,
    ...(port !== undefined && { port }),
    labels: { revision },
  };
};

/** A port the app itself uses counts as free: the app is stopped before it is restarted. */
const makePortFree = async ({ name, port }: ProcessRequest, supervisor: Supervisor): Promise<void> => {
  if (port === undefined || (await isFree(port))) return;
  const own = (await supervisor.status()).find((service) => service.name === serviceOf(name));
  if (own?.status === "running" && own.port === port) return;
  // A leftover process of the stopped app may still hold the port.
  if (own && own.status !== "running") await supervisor.remove(own.name);
  if (await isFree(port)) return;
  throw fault(
    "PORT_TAKEN",
    `port ${port} of ${name} is used by another program`,
    "stop that program, or give the app another port",
    "port",
  );
};

interface Why {
  readonly code: "PROCESS_ENDED" | "PROCESS_NOT_READY";
  readonly why: string;
}

const whyNotReady = async (
  wanted: ProcessRequest,
  started: ServiceState,
  supervisor: Supervisor,
  signal: AbortSignal,
): Promise<Why | undefined> => {
  const until = performance.now() + READY_WITHIN;
  for (let pause = 10; ; pause = Math.min(pause * 1.5, 250)) {
    const why = await notReadyYet(wanted, started.startedAt, signal);
    signal.throwIfAborted();
    const now = (await supervisor.status()).find((service) => service.name === serviceOf(wanted.name));
    if (now?.status !== "running" || now.pid !== started.pid) return { code: "PROCESS_ENDED", why: now?.reason ?? "it was stopped" };
    if (why === undefined) return undefined;
    if (performance.now() > until) return { code: "PROCESS_NOT_READY", why };
    await wait(pause, undefined, { signal });
  }
};

const notReady = ({ name, variables }: ProcessRequest, { code, why, log, logStart }: Why & { log: string; logStart: number }) => {
  const mask = maskOf(Object.values(variables));
  const lines = lastLines(log, logStart).map((line) => `\n  ${mask(line)}`);
  const what =
    code === "PROCESS_ENDED"
      ? `${name} exited during startup: ${why.split("; its log ends:")[0]}`
      : `${name} is running, but was not ready within ${READY_WITHIN / 1000} s: ${why}`;
  const ends = lines.length === 0 ? "it has printed no output" : `its log ends:${lines.join("")}`;
  return fault(code, `${what}; ${ends}`, `fix the error above; full output: ${log}`, name);
};
