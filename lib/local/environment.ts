import { isDeepStrictEqual } from "node:util";
import { statusOf, supervise, type Supervisor } from "../supervisor/client";
import type { ServiceState } from "../supervisor/service";
import { serially, unlessAborted } from "./concurrency";
import { portBook, type PortBook } from "./ports";
import type { Recipe } from "./recipe";
import { recipeOf } from "./recipes";
import { FORMAT, serverIn, withServer, type EnvironmentState } from "./state";
import { readState, recoverState, writeState } from "./state-files";

/** Identifies an app's environment and its folder. */
export interface EnvironmentPlace {
  readonly project: string;
  /** Absolute folder of the app. */
  readonly root: string;
  readonly environment: string;
  /** The environment's own folder. */
  readonly folder: string;
}

/** A local environment, open for changes. Requires its lock, see `acquireLock`. */
export interface LocalEnvironment extends EnvironmentPlace {
  /** Returns an empty state if nothing is recorded yet. */
  readonly state: () => Promise<EnvironmentState>;
  /** Changes the state, one change at a time. A no-op leaves existing files untouched, but creates missing ones. */
  readonly change: (change?: (state: EnvironmentState) => EnvironmentState) => Promise<void>;
  /** Repairs missing or damaged state files; calls `tell` with a message for the user if the main file had to be rebuilt. */
  readonly recover: (tell: (note: string) => void) => Promise<void>;
  /** Returns the supervisor, which the first call starts. Its requests are aborted by the signal. */
  readonly supervisor: (signal: AbortSignal) => Promise<Supervisor>;
  /** The services that the supervisor knows. Does not start a supervisor. */
  readonly services: () => Promise<readonly ServiceState[]>;
  readonly ports: PortBook;
  readonly recipeOf: (kind: string) => Recipe<unknown, object>;
  readonly close: () => Promise<void>;
}

/** The machine's facilities that an environment uses. */
export interface Machine {
  readonly supervise: (folder: string) => Promise<Supervisor>;
  readonly statusOf: (folder: string) => Promise<{ readonly services: readonly ServiceState[] }>;
  readonly recipeOf: (kind: string) => Recipe<unknown, object>;
}

export const thisMachine: Machine = { supervise, statusOf, recipeOf };

/**
 * Opens an environment. Until it is closed, this process must be the only one to change it. The supervisor connection stays open as long.
 *
 * Every function throws the errors of `readState` and of the supervisor.
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
      // If the write fails, the content of the files is unknown.
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

/** Prevents an unhandled rejection before the promise is awaited; the awaiting code still gets the error. */
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
