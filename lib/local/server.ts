import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { codeOf, EndowError, fault } from "../errors";
import type { Supervisor } from "../supervisor/client";
import type { Applied } from "../supervisor/service";
import type { ServerIdentity } from "./assign";
import { credentialsIn } from "./credentials";
import type { LocalEnvironment } from "./environment";
import { serversIn } from "./folder";
import { makeOwnFolder } from "../files/make-folders";
import type { Context, LocalServer, Program } from "./recipe";

/** A server as requested by the plan and the user. */
export interface LocalServerRequest extends ServerIdentity {
  /** Id in the declaration. */
  readonly id?: string | undefined;
  readonly version?: string | undefined;
  /** Program named by the user. */
  readonly program?: string | undefined;
  /** Port set by the user. */
  readonly port?: number | undefined;
}

/** A server that answers authenticated queries. */
export interface RunningServer {
  /** Name in the plan. */
  readonly name: string;
  /** Name of its folder and its service. */
  readonly localName: string;
  readonly kind: string;
  readonly port: number;
  readonly program: Program;
  readonly change: Applied["change"];
  /** Id of its process. */
  readonly pid: number | undefined;
  /** Milliseconds from looking for the program to the first authenticated query. */
  readonly took: number;
  /** The server as its recipe sees it. */
  readonly server: LocalServer;
}

/** Milliseconds allowed until the first answered query, including crash recovery. */
const READY_WITHIN = 60_000;

/**
 * Starts a server, or reuses a running one, and waits until it is ready.
 *
 * @param register called once the program is found, so that an unavailable server leaves nothing behind
 * @throws EndowError `SERVER_UNAVAILABLE`, `SERVER_FAILED` with the last lines of its log, `SERVER_NOT_READY`, and the errors of its recipe
 */
export const startAndWait = async (
  environment: LocalEnvironment,
  localName: string,
  request: LocalServerRequest,
  { progress, signal }: Context,
  register: (data: string | undefined) => Promise<void>,
): Promise<RunningServer> => {
  const started = performance.now();
  const { name, kind, version } = request;
  const recipe = environment.recipeOf(kind);
  // Starts while the program is being located.
  const starting = environment.supervisor(signal);
  const program = await recipe.program({
    server: name,
    ...(version !== undefined && { version }),
    ...(request.program !== undefined && { path: request.program }),
    progress,
    signal,
  });
  const data = recipe.dataOf?.(program);
  await register(data);
  const folder = path.join(serversIn(environment.folder), localName);
  await makeOwnFolder(folder);
  const port = await environment.ports.portFor(localName, request.port);
  const server: LocalServer = { name, localName, folder, port, program, data, credentials: credentialsIn(folder), progress, signal };
  const supervisor = await starting;
  const service = await recipe.prepare(server).catch(async (error: unknown) => {
    if (codeOf(error) !== "CREDENTIALS_LOST") throw error;
    // Without the old passwords, new ones can be set only while the server is stopped.
    progress("the passwords are lost: stopping the server to reset them");
    await supervisor.remove(localName);
    return recipe.prepare(server);
  });
  const { change, pid } = await supervisor.apply(service);
  await ready(server, () => recipe.ready(server), supervisor);
  return { name, localName, kind, port, program, change, pid, took: performance.now() - started, server };
};
const ready = async (
  { name, localName, signal, progress }: LocalServer,
  attempt: () => Promise<void>,
  supervisor: Supervisor,
): Promise<void> => {
  const until = performance.now() + READY_WITHIN;
  const late = setTimeout(() => progress("waiting for the server to answer"), 1_000);
  try {
    for (let pause = 5; ; pause = Math.min(pause * 1.5, 250)) {
      signal.throwIfAborted();
      const [refused] = await Promise.all([
        attempt().then(
          () => undefined,
          (error: unknown) => ({ error }),
        ),
        wait(pause, undefined, { signal }),
      ]);
      if (!refused) return;
      const state = (await supervisor.status()).find((service) => service.name === localName);
      if (state?.status === "failed")
        throw fault("SERVER_FAILED", `${name} failed: ${state.reason ?? "unknown reason"}`, `read its log: ${state.log}`, name);
      if (performance.now() > until) throw notReady(name, refused.error);
    }
  } finally {
    clearTimeout(late);
  }
};

const notReady = (name: string, reason: unknown) =>
  fault(
    "SERVER_NOT_READY",
    `${name} is running, but did not answer an authenticated query within ${READY_WITHIN / 1000} s: ${sentenceOf(reason)}`,
    "read its log with `endow logs`, then run this again",
    name,
  );

/** An error's message, without the fix that our own errors include. */
export const sentenceOf = (reason: unknown): string => {
  if (reason instanceof EndowError && reason.problems[0]) return reason.problems[0].message;
  return reason instanceof Error ? reason.message : "unknown reason";
};
