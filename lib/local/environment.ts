import { isDeepStrictEqual } from "node:util";
import { supervise, type Supervisor } from "../supervisor/client";
import { portBook, type PortBook } from "./ports";
import { readState, writeState, type EnvironmentState } from "./state";
import { serially } from "./concurrency";
import { unlessAborted } from "./concurrency";

/** Which environment of which app, and where it is kept. */
export interface EnvironmentPlace {
  readonly project: string;
  /** Absolute folder of the app. */
  readonly root: string;
  readonly environment: string;
  /** The environment's own folder. */
  readonly folder: string;
}

/** An environment of this machine, open for changes: whoever opens it has its turn, see `acquireLock`. */
export interface LocalEnvironment extends EnvironmentPlace {
  /** An empty one where nothing was recorded yet. */
  readonly record: () => Promise<EnvironmentState>;
  /** Changes the record, one change after the other; one that changes nothing leaves the file alone, or makes it where there was none. */
  readonly change: (change?: (record: EnvironmentState) => EnvironmentState) => Promise<void>;
  /** The supervisor, started by the first call; what it is asked for ends with the signal. */
  readonly supervisor: (signal: AbortSignal) => Promise<Supervisor>;
  /** The port of a server, kept in the record from then on. */
  readonly portFor: PortBook["portFor"];
  readonly close: () => Promise<void>;
}

/**
 * Opens an environment. The connection to its supervisor lasts until it is closed.
 *
 * @param ports asked for by the user, by server
 * @throws EndowError each of its functions `RECORD_DAMAGED`, `RECORD_UNREADABLE`, and those of the supervisor
 */
export const openEnvironment = (place: EnvironmentPlace, ports: Readonly<Record<string, number>> = {}): LocalEnvironment => {
  const { folder } = place;
  let connection: Promise<Supervisor> | undefined;
  const connected = () => (connection ??= handled(supervise(folder)));
  const record = async () => (await readState(folder)) ?? empty(place);
  const change: LocalEnvironment["change"] = (change = (record) => record) =>
    serially(`${folder}/record`, async () => {
      const before = await readState(folder);
      const after = change(before ?? empty(place));
      if (!isDeepStrictEqual(before, after)) await writeState(folder, after);
    });
  const book = portBook({
    asked: ports,
    recorded: async () => (await record()).ports,
    choose: (server, port) => change((before) => ({ ...before, ports: { ...before.ports, [server]: port } })),
    runningOn: async (server) => {
      const states = await (await connected()).status();
      return states.find(({ name, status }) => name === server && status === "running")?.port;
    },
  });
  return {
    ...place,
    record,
    change,
    supervisor: (signal) => handled(unlessAborted(connected(), signal).then((opened) => interruptible(opened, signal))),
    portFor: book.portFor,
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
  version: 1,
  project,
  root,
  environment,
  ports: {},
  leases: [],
  remote: [],
  names: {},
});
