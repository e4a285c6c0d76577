import { isDeepStrictEqual } from "node:util";
import { statusOf, supervise, type Supervisor } from "../supervisor/client";
import type { ServiceState } from "../supervisor/service";
import { serially, unlessAborted } from "./concurrency";
import { portBook, type PortBook } from "./ports";
import type { Recipe } from "./recipe";
import { recipeOf } from "./recipes";
import { FORMAT, serverIn, withServer, type EnvironmentState } from "./state";
import { readState, recoverState, writeState } from "./state-files";

/** Which environment of which app, and where it is kept. */
export interface EnvironmentPlace {
  readonly project: string;
  /** Absolute folder of the app. */
  readonly root: string;
  readonly environment: string;
  /** The environment's own folder. */
  readonly folder: string;
}

/** An environment of this machine, open for changes: only under its lock, see `acquireLock`. */
export interface LocalEnvironment extends EnvironmentPlace {
  /** An empty one where nothing was recorded yet. */
  readonly state: () => Promise<EnvironmentState>;
  /** Changes the state, one change after the other; one that changes nothing leaves the files alone, or makes them where there were none. */
  readonly change: (change?: (state: EnvironmentState) => EnvironmentState) => Promise<void>;
  /** Puts right what is missing or damaged of the state's files, and tells a person where the environment's own file had to be rebuilt. */
  readonly recover: (tell: (note: string) => void) => Promise<void>;
  /** The supervisor, started by the first call; what it is asked for ends with the signal. */
  readonly supervisor: (signal: AbortSignal) => Promise<Supervisor>;
  /** What the supervisor knows. Starts none. */
  readonly services: () => Promise<readonly ServiceState[]>;
  readonly ports: PortBook;
  readonly recipeOf: (kind: string) => Recipe<unknown, object>;
  readonly close: () => Promise<void>;
}

/** What an environment works with on a machine. */
export interface Machine {
  readonly supervise: (folder: string) => Promise<Supervisor>;
  readonly statusOf: (folder: string) => Promise<{ readonly services: readonly ServiceState[] }>;
  readonly recipeOf: (kind: string) => Recipe<unknown, object>;
}

const thisMachine: Machine = { supervise, statusOf, recipeOf };

/**
 * Opens an environment, of which this process is the only one to change anything until it is closed. The connection to its supervisor lasts as long.
 *
 * @throws EndowError each of its functions those of `readState`, and those of the supervisor
 */
export const openEnvironment = (place: EnvironmentPlace, { supervise, statusOf, recipeOf }: Machine = thisMachine): LocalEnvironment => {
  const { folder } = place;
  let connection: Promise<Supervisor> | undefined;
  const connected = () => (connection ??= handled(supervise(folder)));
  let known: { readonly state: EnvironmentState | undefined } | undefined;
  const inTurn = <T>(work: () => Promise<T>) => serially(`${folder}/state`, work);
  const current = async () => (known ??= { state: await readState(folder) }).state;
  const state = () => inTurn(async () => (await current()) ?? empty(place));
  const change: LocalEnvironment["change"] = (change = (state) => state) =>
    inTurn(async () => {
      const before = await current();
      const changed = change(before ?? empty(place));
      if (isDeepStrictEqual(before, changed)) return;
      const after = { ...changed, revision: (before?.revision ?? 0) + 1 };
      // Until it is written nobody knows what the files say.
      known = undefined;
      await writeState(folder, before, after);
      known = { state: after };
    });
  const ports = portBook({
    recorded: async () => {
      const recorded = Object.entries((await state()).servers);
      return Object.fromEntries(recorded.flatMap(([name, { port }]) => (port === undefined ? [] : [[name, port]])));
    },
    choose: (server, port) =>
      change((before) => {
        const known = serverIn(before, server);
        return known === undefined ? before : withServer(before, server, { ...known, port });
      }),
    runningOn: async (server) => {
      const states = await (await connected()).status();
      return states.find(({ name, status }) => name === server && status === "running")?.port;
    },
  });
  return {
    ...place,
    state,
    change,
    recover: (tell) =>
      inTurn(async () => {
        known = undefined;
        const note = await recoverState(folder);
        if (note !== undefined) tell(note);
      }),
    supervisor: (signal) => handled(unlessAborted(connected(), signal).then((opened) => interruptible(opened, signal))),
    services: async () => (await statusOf(folder)).services,
    ports,
    recipeOf,
    close: async () => {
      await connection?.then(
        ({ close }) => close(),
        () => undefined,
      );
    },
  };
};

/** Whoever awaits it sees the error; until then it is nobody's rejection. */
const handled = <T>(promise: Promise<T>): Promise<T> => {
  promise.catch(() => undefined);
  return promise;
};

const interruptible = ({ apply, status, remove, close }: Supervisor, signal: AbortSignal): Supervisor => ({
  apply: (service) => unlessAborted(apply(service), signal),
  status: () => unlessAborted(status(), signal),
  remove: (name) => unlessAborted(remove(name), signal),
  close,
});

const empty = ({ project, root, environment }: EnvironmentPlace): EnvironmentState => ({
  version: FORMAT,
  revision: 0,
  project,
  root,
  environment,
  servers: {},
  remote: {},
});
