import { chmodSync, constants, openSync, renameSync, rmSync, statSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import path from "node:path";
import { fault } from "../errors";
import { filesOf } from "./folder";
import { platform } from "./platform/current";
import { type Call, onLines, problemFrom, type Reply, sendLine } from "./protocol";

export type Answer = (argument: unknown) => unknown;

export interface Control {
  /** Of clients. */
  readonly connections: () => number;
  /** Whether new clients still get here, and not to nobody or to another supervisor. */
  readonly reachable: () => boolean;
  /** Lets what was answered be read, then calls `closed`. */
  readonly close: (closed: () => void) => void;
}

/**
 * Answers calls on the folder's control socket. The socket is its owner's alone, so whoever connects may ask for anything.
 * A socket file that is there already is a dead supervisor's: the caller holds the lock.
 */
export const listen = async (folder: string, answers: Readonly<Record<string, Answer>>): Promise<Control> => {
  const { socket: file, socketDraft: draft } = filesOf(folder);
  const descriptor = openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  const clients = new Set<Socket>();
  const server = createServer((socket) => {
    clients.add(socket);
    socket.once("close", () => clients.delete(socket));
    // A client that goes away in the middle of an answer is no concern of ours.
    socket.on("error", () => socket.destroy());
    onLines(socket, (line) => void receive(socket, line, answers));
  });
  rmSync(draft, { force: true });
  await started(server, platform().socketAddress(folder, descriptor, path.basename(draft)));
  chmodSync(draft, 0o600);
  // A server removes the name that it listened on when it closes; by then that of `file` may be another supervisor's.
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

const receive = async (socket: Socket, line: string, answers: Readonly<Record<string, Answer>>): Promise<void> => {
  const call = parse(line);
  if (call === undefined) {
    socket.destroy();
    return;
  }
  sendLine(socket, await reply(call, answers));
};

const reply = async ({ id, method, argument }: Call, answers: Readonly<Record<string, Answer>>): Promise<Reply> => {
  try {
    const answer = Object.hasOwn(answers, method) ? answers[method] : undefined;
    if (answer === undefined) throw fault("METHOD_UNKNOWN", `this supervisor does not know "${method}"`, "use one version of endow");
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
