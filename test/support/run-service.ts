import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { Service } from "../../lib/supervisor/service";
import { PATIENCE } from "./supervised";

/** A service's process, started without a supervisor. */
export interface RunningService {
  readonly pid: number;
  /** Its standard output and standard error so far; complete once it has exited. */
  readonly log: () => Promise<string>;
  readonly hasEnded: () => boolean;
  /** Resolves when it has exited and its log is complete. */
  readonly ended: Promise<void>;
  /** Stops it, kills it after its stop timeout, and resolves when it is gone. Can be called again. */
  readonly stop: () => Promise<void>;
  /** Simulates a crash with SIGKILL. */
  readonly kill: () => Promise<void>;
}

/** Starts a service exactly as returned by a recipe's `prepare`: its command, environment, folder and user. */
export const runService = async (service: Service): Promise<RunningService> => {
  const [file, ...args] = service.command;
  const child = spawn(file, args, { cwd: service.folder, env: service.environment, stdio: ["ignore", "pipe", "pipe"], ...service.user });
  let log = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text: string) => (log += text));
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  await once(child, "spawn");
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  const end = async (signal: NodeJS.Signals) => {
    if (!hasEnded()) child.kill(signal);
    const late = setTimeout(() => child.kill("SIGKILL"), service.stopTimeout);
    await ended;
    clearTimeout(late);
  };
  return {
    pid: child.pid ?? 0,
    log: () => Promise.resolve(log),
    hasEnded,
    ended,
    stop: () => end(service.stopSignal),
    kill: () => end("SIGKILL"),
  };
};

/** Like `runService`, and waits until `ready` resolves. Stops a process that exits or never becomes ready, and throws with its log. */
export const startService = async (service: Service, ready: () => Promise<void>): Promise<RunningService> => {
  const running = await runService(service);
  const deadline = Date.now() + PATIENCE;
  for (;;) {
    const problem = await ready().then(
      () => undefined,
      (error: unknown) => error,
    );
    if (problem === undefined) return running;
    if (running.hasEnded() || Date.now() > deadline) {
      await running.stop();
      throw new Error(`${service.name} did not become ready:\n${await running.log()}`, { cause: problem });
    }
    await sleep(20);
  }
};
