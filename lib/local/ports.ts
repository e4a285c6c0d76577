import { randomInt } from "node:crypto";
import { createServer } from "node:net";
import getPort, { portNumbers } from "get-port";
import { codeOf, fault } from "../errors";
import { ownValue } from "../own-value";
import { makeQueue } from "../supervisor/queue";

const HOST = "127.0.0.1";

/** Whether nothing listens on a port of this machine's loopback address. */
export const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error) => (["EADDRINUSE", "EACCES"].includes(codeOf(error) ?? "") ? resolve(false) : reject(error)));
    server.listen({ port, host: HOST, exclusive: true }, () => server.close(() => resolve(true)));
  });

/**
 * Below what systems give to outgoing connections and to programs that ask for any port (from 32768 on Linux, from 49152 on macOS, `ip(7)`): such a
 * one would now and then have a server's port while the server is stopped. Below the node ports of Kubernetes, too.
 */
const PORTS = { from: 15_000, to: 29_999 };

/** A port that nothing uses, for a server that is to keep it. Any, so that programs that ask at the same time get different ones. */
export const freePort = (exclude: readonly number[] = []): Promise<number> =>
  getPort({ port: portNumbers(randomInt(PORTS.from, PORTS.to), PORTS.to), host: HOST, exclude });

export interface PortRequest {
  /** Set by the user: taken as it is, or refused. */
  readonly asked?: number | undefined;
  /** Of the last time: kept while it is free. */
  readonly recorded?: number | undefined;
  /** Ports that other servers of the environment have got or are to have in this run, by server. */
  readonly taken: Readonly<Record<string, number>>;
  /** Ports that other servers had, left to them where there is a choice. */
  readonly avoid: readonly number[];
}

/**
 * The port for a server that is not running. A recorded one that a stranger has taken meanwhile is replaced.
 *
 * @throws EndowError `PORT_TAKEN` when the user's own choice is in use, or another server's.
 */
const choosePort = async (server: string, { asked, recorded, taken, avoid }: PortRequest): Promise<number> => {
  const takenBy = (port: number) => Object.keys(taken).find((name) => name !== server && taken[name] === port);
  if (asked !== undefined) {
    const other = takenBy(asked);
    if (other !== undefined)
      throw fault("PORT_TAKEN", `port ${asked}, asked for ${server}, is that of ${other}`, "ask for another port", server);
    if (await isFree(asked)) return asked;
    throw fault(
      "PORT_TAKEN",
      `port ${asked}, asked for ${server}, is used by another program`,
      "stop that program, or ask for another port",
      server,
    );
  }
  if (recorded !== undefined && takenBy(recorded) === undefined && (await isFree(recorded))) return recorded;
  return freePort([...avoid, ...Object.values(taken)]);
};

export interface PortBook {
  /** Keeps ports that servers are to have in this run from being given to others. */
  readonly reserve: (ports: Readonly<Record<string, number>>) => void;
  /** The port of a server, recorded from then on. @param asked set by the user */
  readonly portFor: (server: string, asked?: number) => Promise<number>;
}

export interface PortBookRequest {
  /** Those of the last time, by server. */
  readonly recorded: () => Promise<Readonly<Record<string, number>>>;
  /** The port that a server listens on at this moment. */
  readonly runningOn: (server: string) => Promise<number | undefined>;
  /** Writes down what a server has got. */
  readonly choose: (server: string, port: number) => Promise<void>;
}

/** Hands out ports one after the other, so that no two servers get the same. */
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
