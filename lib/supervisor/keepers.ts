import { mkdirSync } from "node:fs";
import { fault } from "../errors";
import { checkApart, checkService, checkServiceFolder } from "./check";
import { filesOf } from "./folder";
import { hashOf } from "./hash";
import { Keeper } from "./keeper";
import { trimLog } from "./log";
import { identify } from "./processes";
import { makeQueue, type Queue } from "./queue";
import type { Applied, ServiceState } from "./service";
import { recoverState, writeState } from "./state";

/** All services of one folder. The caller must hold the folder's lock. */
export class Keepers {
  readonly #folder: string;
  readonly #report: (error: unknown) => void;
  readonly #keepers = new Map<string, Keeper>();
  /** Names of services found running that no client has applied since. */
  readonly #found = new Set<string>();
  readonly #queues = new Map<string, Queue>();
  #ending = false;

  /** Adopts running services. `report` gets the errors of work that no client waits for. */
  constructor(folder: string, report: (error: unknown) => void) {
    this.#folder = folder;
    this.#report = report;
    mkdirSync(filesOf(folder).logs, { recursive: true, mode: 0o700 });
    for (const record of recoverState(folder, report).services) {
      const keeper = Keeper.resume(record, this.#log(record.service.name), this.#changed);
      this.#keepers.set(record.service.name, keeper);
      if (keeper.running) this.#found.add(record.service.name);
    }
    this.#save();
  }

  /** Whether any service is running or about to be restarted. */
  get active(): boolean {
    return [...this.#keepers.values()].some((keeper) => keeper.active);
  }

  get status(): ServiceState[] {
    return [...this.#keepers.values()].map((keeper) => keeper.state);
  }

  /** Starts or reuses a service: see `Supervisor` in client.ts. */
  async apply(input: unknown): Promise<Applied> {
    const service = checkService(input, this.#folder);
    checkServiceFolder(service);
    const { name } = service;
    return this.#inTurn(name, async () => {
      this.#refuseWhenEnding();
      const known = this.#keepers.get(name);
      if (known?.running && known.hash === hashOf(service))
        return { ...known.state, change: this.#found.delete(name) ? "adopted" : "none" };
      checkApart(
        service,
        [...this.#keepers.values()].map((keeper) => keeper.service),
      );
      // Detects a full disk before anything is stopped or started.
      this.#save();
      const replaced = (await known?.stop()) ?? false;
      this.#found.delete(name);
      const keeper = new Keeper(service, this.#log(name), this.#changed);
      this.#keepers.set(name, keeper);
      await this.#start(keeper);
      return { ...keeper.state, change: replaced ? "restarted" : "started" };
    });
  }

  /** Stops a service and forgets it; does nothing if there is no service of this name. */
  remove(name: string): Promise<void> {
    return this.#inTurn(name, async () => {
      await this.#keepers.get(name)?.stop();
      this.#keepers.delete(name);
      this.#found.delete(name);
      this.#save();
    });
  }

  /** Stops all services but keeps their records; refuses to start any from then on. Returns the names of those that were running. */
  async stopAll(): Promise<string[]> {
    this.#ending = true;
    const names = [...this.#keepers.keys()];
    const stopped = await Promise.all(
      names.map((name) => this.#inTurn(name, async () => (await this.#keepers.get(name)?.stop()) ?? false)),
    );
    this.#save();
    return names.filter((_, index) => stopped[index]);
  }

  /** Keeps the logs of long-running services from filling the disk. */
  trimLogs(): void {
    for (const name of this.#keepers.keys()) trimLog(this.#log(name));
  }

  /** Stops only the known processes: the folder was replaced, and processes in it now belong to another supervisor. */
  async abandon(): Promise<void> {
    this.#ending = true;
    await Promise.all([...this.#keepers.values()].map((keeper) => keeper.stop({ sweep: false })));
  }

  /** Records that this supervisor exited cleanly; running services keep running, and the next supervisor adopts them. */
  close(): void {
    this.#ending = true;
    for (const keeper of this.#keepers.values()) keeper.release();
    writeState(this.#folder, { services: this.#records() });
  }

  async #start(keeper: Keeper): Promise<void> {
    try {
      await keeper.start();
    } finally {
      await this.#saveOrStop(keeper);
    }
  }

  /** A process that is not recorded could not be found by name later. */
  async #saveOrStop(keeper: Keeper): Promise<void> {
    try {
      this.#save();
    } catch (error) {
      await keeper.stop();
      throw error;
    }
  }

  readonly #changed = (): void => {
    try {
      this.#save();
    } catch (error) {
      this.#report(error);
    }
  };

  #save(): void {
    const supervisor = identify(process.pid);
    writeState(this.#folder, { ...(supervisor && { supervisor }), services: this.#records() });
  }

  #records() {
    return [...this.#keepers.values()].map((keeper) => keeper.record);
  }

  #log(name: string): string {
    return filesOf(this.#folder).serviceLog(name);
  }

  /** Operations on one service run one at a time; services do not wait for each other. */
  #inTurn<T>(name: string, work: () => Promise<T>): Promise<T> {
    const queue = this.#queues.get(name) ?? makeQueue();
    this.#queues.set(name, queue);
    return queue(work);
  }

  #refuseWhenEnding(): void {
    if (this.#ending) throw fault("SUPERVISOR_ENDING", "the supervisor is stopping all services", "retry in a moment");
  }
}
