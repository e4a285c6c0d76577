import { chmodSync, constants, openSync, renameSync, rmSync, statSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import path from "node:path";
import { fault } from "../errors";
import { ownValue } from "../internal/own-value";
import { filesOf } from "./folder";
import { platform } from "./platform/current";
import { type Call, onLines, problemFrom, type Reply, sendLine } from "./protocol";

export type Method = (argument: unknown) => unknown;

export interface Control {
  /** Number of connected clients. */
  readonly connections: () => number;
  /** Whether new clients still reach this supervisor: the socket file is still its own. */
  readonly reachable: () => boolean;
  /** Lets clients read pending answers, then calls `closed`. */
  readonly close: (closed: () => void) => void;
}

/**
 * Answers calls on the folder's control socket. Only its owner can open the socket, so every client may call every method.
 * An existing socket file belongs to a dead supervisor, because the caller holds the lock.
 */
export const listen = async (folder: string, answers: Readonly<Record<string, Method>>): Promise<Control> => {
  const { socket: file, socketDraft: draft } = filesOf(folder);
  const descriptor = openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  const clients = new Set<Socket>();
  const server = createServer((socket) => {
    clients.add(socket);
    socket.once("close", () => clients.delete(socket));
    // A client that disconnects in the middle of an answer is not an error.
    socket.on("error", () => socket.destroy());
    onLines(socket, (line) => void receive(socket, line, answers));
  });
  rmSync(draft, { force: true });
  await started(server, platform().socketAddress(folder, descriptor, path.basename(draft)));
  chmodSync(draft, 0o600);
  // On close, a server deletes the path it listened on; by then `file` may belong to another supervisor.
  renameSync(draft, file);
  const inode = () => statSync(file, { throwIfNoEntry: false })?.ino;
  const own = inode();
  const reachable = () => inode() === own;
  return {
    connections: () => clients.size,
    reachable,
    close: (closed) => {
      if (reachable()) rmSync(file, { force: true });
      server.close(closed);
      for (const client of clients) client.destroySoon();
    },
  };
};

const started = (server: Server, address: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(address, resolve);
  });

const receive = async (socket: Socket, line: string, answers: Readonly<Record<string, Method>>): Promise<void> => {
  const call = parse(line);
  if (call === undefined) {
    socket.destroy();
    return;
  }
  sendLine(socket, await reply(call, answers));
};

const reply = async ({ id, method, argument }: Call, answers: Readonly<Record<string, Method>>): Promise<Reply> => {
  try {
    const answer = ownValue(answers, method);
    if (answer === undefined)
      throw fault("METHOD_UNKNOWN", `this supervisor has no method "${method}"`, "use the same version of endow everywhere");
    return { id, result: (await answer(argument)) ?? null };
  } catch (error) {
    return { id, error: problemFrom(error) };
  }
};

const parse = (line: string): Call | undefined => {
  try {
    const call = JSON.parse(line) as Partial<Call> | null;
    return typeof call?.id === "number" && typeof call.method === "string" ? (call as Call) : undefined;
  } catch {
    return undefined;
  }
};
