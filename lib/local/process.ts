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
import { makeOwnFolder } from "./make-folders";
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
  /** Program and parameters, which other users of the machine can read. */
  readonly command: readonly string[];
  /** Absolute folder that it runs in. */
  readonly cwd: string;
  /** Port on 127.0.0.1 that it listens on; it gets it as `PORT`. */
  readonly port?: number | undefined;
  /** Path that answers with 2xx or 3xx once it is ready. */
  readonly health?: string | undefined;
  /** Secrets among them. */
  readonly variables: Readonly<Record<string, string>>;
}

/** Milliseconds that an app may take to be ready. */
const READY_WITHIN = 60_000;

/** Milliseconds that an app has to end. */
const STOP_TIMEOUT = 10_000;

/** What the app has of the environment of whoever starts it. Nothing of this is secret. */
const INHERITED = ["PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR"];

/** The program takes the shell's place, so nothing but the app is left of it. */
const START = 'set -a; . "$0"; set +a; exec "$@"';

/** Name that an app has under the supervisor. */
export const serviceOf = (name: string): string => `app-${name}`;

/** An app's own folder. */
export const processFolder = (environment: string, name: string): string => path.join(processesIn(environment), name);

/** File that holds what an app prints. */
export const processLog = (environment: string, name: string): string => filesOf(environment).serviceLog(serviceOf(name));

/**
 * Runs an app under the environment's supervisor, or finds it so; one that runs otherwise is stopped first. Resolves when it is ready.
 * When it does not get so, it is stopped.
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
      // What cut the start off must not cut this off.
      const undo = stopService(environment, serviceOf(wanted.name), new AbortController().signal);
      await undo.catch((left: unknown) => context.progress(`${wanted.name} could not be stopped: ${sentenceOf(left)}`));
      if (!existed) await rm(folder, { recursive: true, force: true });
      throw error;
    }
  });
};

/** Ends an app, with all that it has started, and removes its folder. */
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
  const late = setTimeout(() => progress("waiting for it to be ready"), 1_000);
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

/** A port that the app itself has counts as free: it is stopped before it is started anew. */
const makePortFree = async ({ name, port }: ProcessRequest, supervisor: Supervisor): Promise<void> => {
  if (port === undefined || (await isFree(port))) return;
  const own = (await supervisor.status()).find((service) => service.name === serviceOf(name));
  if (own?.status === "running" && own.port === port) return;
  // What it has left behind when it ended may still hold the port.
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
      ? `${name} ended while it was starting: ${why.split("; its log ends:")[0]}`
      : `${name} runs, but was not ready within ${READY_WITHIN / 1000} s: ${why}`;
  const ends = lines.length === 0 ? "it has printed nothing" : `its log ends:${lines.join("")}`;
  return fault(code, `${what}; ${ends}`, `put right what is said above; all that it printed is in ${log}`, name);
};
