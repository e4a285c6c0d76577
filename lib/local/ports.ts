import { randomInt } from "node:crypto";
import { createServer } from "node:net";
import getPort, { portNumbers } from "get-port";
import { codeOf, fault } from "../errors";
import { ownValue } from "../internal/own-value";
import { makeQueue } from "../supervisor/queue";

const HOST = "127.0.0.1";

/** Whether a port on 127.0.0.1 is free. */
export const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error) => (["EADDRINUSE", "EACCES"].includes(codeOf(error) ?? "") ? resolve(false) : reject(error)));
    server.listen({ port, host: HOST, exclusive: true }, () => server.close(() => resolve(true)));
  });

/**
 * Below the ephemeral ports (from 32768 on Linux, see `ip(7)`, from 49152 on macOS): an outgoing connection could otherwise occupy a server's port
 * while the server is stopped. Also below the node ports of Kubernetes.
 */
const PORTS = { from: 15_000, to: 29_999 };

/** Returns a free port for a server to keep. Random, so that concurrent callers get different ports. */
export const freePort = (exclude: readonly number[] = []): Promise<number> =>
  getPort({ port: portNumbers(randomInt(PORTS.from, PORTS.to), PORTS.to), host: HOST, exclude });

export interface PortRequest {
  /** Set by the user: used as given, or rejected. */
  readonly asked?: number | undefined;
  /** From the last run: kept if it is free. */
  readonly recorded?: number | undefined;
  /** Ports assigned to or reserved for other servers of the environment in this run, by server. */
  readonly taken: Readonly<Record<string, number>>;
  /** Recorded ports of other servers, avoided if possible. */
  readonly avoid: readonly number[];
}

/**
 * Chooses the port for a server that is not running. Replaces a recorded port that another program has taken in the meantime.
 *
 * @throws EndowError `PORT_TAKEN` if the port set by the user is in use or belongs to another server
 */
const choosePort = async (server: string, { asked, recorded, taken, avoid }: PortRequest): Promise<number> => {
  const takenBy = (port: number) => Object.keys(taken).find((name) => name !== server && taken[name] === port);
  if (asked !== undefined) {
    const other = takenBy(asked);
    if (other !== undefined)
      throw fault("PORT_TAKEN", `port ${asked}, requested for ${server}, is already assigned to ${other}`, "request another port", server);
    if (await isFree(asked)) return asked;
    throw fault(
      "PORT_TAKEN",
      `port ${asked}, requested for ${server}, is used by another program`,
      "stop that program, or request another port",
      server,
    );
  }
  if (recorded !== undefined && takenBy(recorded) === undefined && (await isFree(recorded))) return recorded;
  return freePort([...avoid, ...Object.values(taken)]);
};

export interface PortBook {
  /** Reserves servers' ports for this run, so that no other server gets them. */
  readonly reserve: (ports: Readonly<Record<string, number>>) => void;
  /** Returns a server's port and records it. @param asked set by the user */
  readonly portFor: (server: string, asked?: number) => Promise<number>;
}

export interface PortBookRequest {
  /** Ports from the last run, by server. */
  readonly recorded: () => Promise<Readonly<Record<string, number>>>;
  /** The port that a server currently listens on. */
  readonly runningOn: (server: string) => Promise<number | undefined>;
  /** Records a server's port. */
  readonly choose: (server: string, port: number) => Promise<void>;
}

/** Assigns ports one at a time, so that no two servers get the same. */
export const portBook = ({ recorded, runningOn, choose }: PortBookRequest): PortBook => {
  const inTurn = makeQueue();
  let taken: Readonly<Record<string, number>> = {};
  const portOf = async (server: string, asked: number | undefined): Promise<number> => {
    const running = await runningOn(server);
    if (running !== undefined && (asked ?? running) === running) return running;
    const known = await recorded();
    return choosePort(server, { asked, recorded: ownValue(known, server), taken, avoid: Object.values(known) });
  };
  return {
    reserve: (ports) => {
      taken = { ...taken, ...ports };
    },
    portFor: (server, asked) =>
      inTurn(async () => {
        const port = await portOf(server, asked);
        taken = { ...taken, [server]: port };
        await choose(server, port);
        return port;
      }),
  };
};
