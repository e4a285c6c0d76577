import { setTimeout as wait } from "node:timers/promises";
import path from "node:path";
import { codeOf, EndowError, fault } from "../errors";
import type { PlannedServer } from "../plan";
import type { Supervisor } from "../supervisor/client";
import type { Applied } from "../supervisor/service";
import { credentialsIn } from "./credentials";
import { makeOwnFolder } from "./make-folders";
import type { LocalServer, Program } from "./recipe";
import { recipeOf } from "./recipes";

/** A server that answers authenticated queries. */
export interface RunningServer {
  readonly name: string;
  readonly kind: string;
  readonly port: number;
  readonly program: Program;
  readonly change: Applied["change"];
  /** Of the process that runs it. */
  readonly pid: number | undefined;
  /** Milliseconds from looking for the program to the first authenticated query. */
  readonly took: number;
  /** What its recipe works with. */
  readonly server: LocalServer;
}

export interface StartRequest {
  readonly planned: Pick<PlannedServer, "name" | "kind"> & { readonly version?: string | undefined };
  /** Folder that holds all servers of the environment. */
  readonly folder: string;
  /** Program named by the user. */
  readonly program?: string | undefined;
  /** Asked for once the program is there, so that a server that cannot be had takes no port. */
  readonly port: () => Promise<number>;
  readonly supervisor: Promise<Supervisor>;
  readonly progress: (message: string) => void;
  readonly signal: AbortSignal;
}

/** Milliseconds that a server may take to answer its first query: recovery after a crash included. */
const READY_WITHIN = 60_000;

/**
 * Brings one server up, or finds it so.
 *
 * @throws EndowError `SERVER_UNAVAILABLE`, `SERVER_FAILED` with the last lines of its log, `SERVER_NOT_READY`, and what its recipe throws.
 */
export const startAndWait = async ({
  planned,
  folder,
  program: asked,
  port,
  supervisor,
  progress,
  signal,
}: StartRequest): Promise<RunningServer> => {
  const started = performance.now();
  const { name, kind, version } = planned;
  const recipe = recipeOf(kind);
  const program = await recipe.program({
    server: name,
    ...(version !== undefined && { version }),
    ...(asked !== undefined && { path: asked }),
    progress,
    signal,
  });
  const own = path.join(folder, name);
  await makeOwnFolder(own);
  const server: LocalServer = { name, folder: own, port: await port(), program, credentials: credentialsIn(own), progress, signal };
  const service = await recipe.prepare(server).catch(async (error: unknown) => {
    if (codeOf(error) !== "CREDENTIALS_LOST") throw error;
    // Passwords can be set anew without the old ones only while nobody is connected.
    progress("its passwords are lost: stopping it to set new ones");
    await (await supervisor).remove(name);
    return recipe.prepare(server);
  });
  const keeper = await supervisor;
  const { change, pid } = await keeper.apply(service);
  await ready(server, () => recipe.ready(server), keeper);
  return { name, kind, port: server.port, program, change, pid, took: performance.now() - started, server };
};

const ready = async ({ name, signal, progress }: LocalServer, attempt: () => Promise<void>, supervisor: Supervisor): Promise<void> => {
  const until = performance.now() + READY_WITHIN;
  const late = setTimeout(() => progress("waiting for it to answer"), 1_000);
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
      const state = (await supervisor.status()).find((service) => service.name === name);
      if (state?.status === "failed")
        throw fault("SERVER_FAILED", `${name} failed: ${state.reason ?? "no reason known"}`, `read its log: ${state.log}`, name);
      if (performance.now() > until) throw notReady(name, refused.error);
    }
  } finally {
    clearTimeout(late);
  }
};

const notReady = (name: string, reason: unknown) =>
  fault(
    "SERVER_NOT_READY",
    `${name} runs, but did not answer an authenticated query within ${READY_WITHIN / 1000} s: ${sentenceOf(reason)}`,
    "read its log with `endow logs`, then run this again",
    name,
  );

/** What an error says, without the fix that one of ours has in its message. */
export const sentenceOf = (reason: unknown): string => {
  if (reason instanceof EndowError && reason.problems[0]) return reason.problems[0].message;
  return reason instanceof Error ? reason.message : "no reason known";
};
