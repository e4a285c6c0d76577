import { Backoff } from "./backoff";
import { endGroup, endProcess, endProcessesIn, type EndSignal } from "./end";
import { hashOf } from "./hash";
import { lastLines } from "./log";
import { platform } from "./platform/current";
import { type Identity, identify, isAlive } from "./processes";
import { makeQueue } from "./queue";
import type { Service, ServiceState } from "./service";
import { spawnService } from "./spawn";
import { asFound, type ServiceRecord } from "./state";

/** The state of a keeper's process. */
type Facts = Omit<ServiceRecord, "service">;

const sentence = (error: unknown) => (error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error));

/** Keeps one service running: starts it, watches it, restarts it when it dies, and gives up when it keeps dying. */
export class Keeper {
  readonly service: Service;
  readonly hash: string;
  readonly #log: string;
  readonly #changed: () => void;
  readonly #inTurn = makeQueue();
  readonly #backoff = new Backoff();
  /** The last process, whose group may have outlived it. */
  #leader: Identity | undefined;
  #facts: Facts = { status: "stopped", restarts: 0 };
  #wanted = false;
  #timer: NodeJS.Timeout | undefined;
  /** When the process was started, on the monotonic clock. */
  #upSince = 0;
  #logStart = 0;

  /** `changed` is called after each change that no client requested. */
  constructor(service: Service, log: string, changed: () => void) {
    this.service = service;
    this.hash = hashOf(service);
    this.#log = log;
    this.#changed = changed;
  }

  /** Takes over from an earlier supervisor: adopts the process if it still runs in the service's folder. */
  static resume(record: ServiceRecord, log: string, changed: () => void): Keeper {
    const keeper = new Keeper(record.service, log, changed);
    const { service: _, ...facts } = asFound(record);
    keeper.#facts = facts;
    keeper.#leader = record.identity;
    if (facts.identity !== undefined) keeper.#adopt(facts.identity);
    return keeper;
  }

  get running(): boolean {
    return this.#facts.status === "running";
  }

  /** Whether it is running or about to be restarted. */
  get active(): boolean {
    return this.running || this.#facts.status === "restarting";
  }

  get record(): ServiceRecord {
    return { service: this.service, ...this.#facts };
  }

  get state(): ServiceState {
    return stateOf(this.record, this.#log);
  }

  /**
   * Stops any process left in the service's folder, then starts the service.
   * @throws EndowError `SERVICE_NOT_STARTED`, `PROCESSES_LEFT`; the service is then `failed`
   */
  start(): Promise<void> {
    return this.#inTurn(async () => {
      this.#wanted = true;
      try {
        await this.#endRest([[this.service.stopSignal, this.service.stopTimeout]]);
        await this.#launch();
      } catch (error) {
        this.#wanted = false;
        this.#facts = { ...this.#facts, status: "failed", reason: sentence(error) };
        throw error;
      }
    });
  }

  /**
   * Stops the process and, with `sweep`, any other process in its folder.
   * @returns whether there was anything to stop
   * @throws EndowError `PROCESSES_LEFT`
   */
  stop({ sweep = true } = {}): Promise<boolean> {
    this.#wanted = false;
    clearTimeout(this.#timer);
    return this.#inTurn(async () => {
      const { identity, ...rest } = this.#facts;
      if (identity !== undefined) await endProcess(identity, this.service.stopSignal, this.service.stopTimeout);
      const left = await (sweep ? this.#endRest() : this.#endGroup());
      if (this.active) this.#facts = { ...rest, status: "stopped" };
      return identity !== undefined || left > 0;
    });
  }

  /** Stops watching; the process keeps running. */
  release(): void {
    this.#wanted = false;
    clearTimeout(this.#timer);
  }

  /** Stops leftover processes in the service's folder and, if it works elsewhere, in its process group. Returns their number. */
  async #endRest(requests: readonly EndSignal[] = []): Promise<number> {
    const group = await this.#endGroup();
    return group + (await endProcessesIn(this.service.folder, requests));
  }

  async #endGroup(): Promise<number> {
    const { directory, stopSignal, stopTimeout } = this.service;
    return directory === undefined || this.#leader === undefined ? 0 : endGroup(this.#leader, [[stopSignal, stopTimeout]]);
  }

  async #launch(): Promise<void> {
    const { child, logStart } = await spawnService(this.service, this.#log);
    child.once("exit", (code, signal) => this.#died(signal === null ? `it exited with code ${code}` : `it was killed by ${signal}`));
    const identity = child.pid === undefined ? undefined : identify(child.pid);
    this.#leader = identity;
    this.#upSince = performance.now();
    this.#logStart = logStart;
    this.#facts = {
      status: "running",
      restarts: this.#facts.restarts,
      startedAt: new Date().toISOString(),
      ...(identity && { identity }),
    };
  }

  /** A process started by an earlier supervisor is not our child: no event reports its exit, so poll. */
  #adopt(identity: Identity): void {
    this.#wanted = true;
    this.#upSince = performance.now();
    const look = () => {
      if (!this.#wanted) return;
      if (isAlive(identity)) this.#timer = setTimeout(look, platform().pollInterval);
      else this.#died("it exited");
    };
    look();
  }

  #died(how: string): void {
    if (!this.#wanted) return;
    const { restarts, startedAt } = this.#facts;
    const at = performance.now();
    const wait = this.#backoff.next({ at, uptime: at - this.#upSince });
    const lines = lastLines(this.#log, this.#logStart).map((line) => `\n  ${line}`);
    const reason = lines.length === 0 ? how : `${how}; its log ends:${lines.join("")}`;
    const past = startedAt === undefined ? {} : { startedAt };
    if (wait === undefined) {
      this.#wanted = false;
      this.#facts = { ...past, restarts, status: "failed", reason: `gave up, it does not stay up: ${reason}` };
    } else {
      this.#facts = { ...past, restarts: restarts + 1, status: "restarting", reason };
      this.#timer = setTimeout(() => void this.#restart(), wait);
    }
    this.#changed();
  }

  #restart(): Promise<void> {
    return this.#inTurn(async () => {
      if (!this.#wanted) return;
      try {
        // Workers that outlived their server block the next one: a PostgreSQL backend inside a query survives the postmaster's SIGKILL.
        await this.#endRest();
        if (!this.#wanted) return;
        await this.#launch();
        this.#changed();
      } catch (error) {
        this.#upSince = performance.now();
        this.#died(sentence(error));
      }
    });
  }
}

/** A record in the form that `status` returns. */
export const stateOf = ({ service, identity, ...facts }: ServiceRecord, log: string): ServiceState => ({
  name: service.name,
  ...facts,
  hash: hashOf(service),
  log,
  ...(identity && { pid: identity.pid }),
  ...(service.port !== undefined && { port: service.port }),
  ...(service.labels && { labels: service.labels }),
});
