import { closeSync, constants, lstatSync, openSync } from "node:fs";
import { connect as open, type Socket } from "node:net";
import path from "node:path";
import { codeOf, fault } from "../errors";
import { whyForeign } from "../internal/trust";
import { filesOf } from "./folder";
import { platform } from "./platform/current";
import { errorOf, type Hello, isWelcome, type Method, onLines, type Reply, replyIn, sendLine, type Welcome } from "./protocol";

/** A client's end of the control socket. */
export interface SupervisorConnection {
  readonly welcome: Welcome;
  /**
   * @param deadline milliseconds
   * @throws EndowError the error that the supervisor returned; `SUPERVISOR_UNRESPONSIVE` after the deadline, `SUPERVISOR_GONE` if it exited
   */
  readonly call: (method: Method, argument: unknown, deadline: number) => Promise<unknown>;
  readonly close: () => void;
  /** Closes without waiting for pending calls: they fail with `SUPERVISOR_GONE`. */
  readonly abort: () => void;
}

/** Milliseconds. A supervisor that does not answer `hello` within this time is suspended or hangs. */
const HELLO_DEADLINE = 3_000;

/**
 * Connects to the folder's supervisor.
 * @returns `"absent"` when this user has no supervisor on the socket, `"unresponsive"` when one is there but does not answer
 */
export const connect = async (
  folder: string,
  hello: Hello = {},
  deadline = HELLO_DEADLINE,
): Promise<SupervisorConnection | "absent" | "unresponsive"> => {
  if (!isOurs(filesOf(folder).socket)) return "absent";
  const socket = await openSocket(folder);
  if (typeof socket === "string") return socket;
  const call = caller(socket);
  try {
    const welcome = await call("hello", hello, deadline);
    if (!isWelcome(welcome)) throw gone();
    return { welcome, call, close: () => void socket.end(), abort: () => void socket.destroy() };
  } catch (error) {
    socket.destroy();
    if (codeOf(error) === "SUPERVISOR_GONE") return "absent";
    if (codeOf(error) === "SUPERVISOR_UNRESPONSIVE") return "unresponsive";
    throw error;
  }
};

/** Another user's socket is left from a time when that user could write to the folder: our supervisor replaces it. */
const isOurs = (file: string): boolean => {
  const found = lstatSync(file, { throwIfNoEntry: false });
  return found !== undefined && whyForeign(found) === undefined;
};

const NOBODY = new Set(["ENOENT", "ECONNREFUSED", "ECONNRESET", "EPIPE"]);

const openSocket = async (folder: string): Promise<Socket | "absent" | "unresponsive"> => {
  const descriptor = openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    return await new Promise<Socket>((resolve, reject) => {
      const socket = open(platform().socketAddress(folder, descriptor, path.basename(filesOf(folder).socket)), () => resolve(socket));
      socket.once("error", reject);
    });
  } catch (error) {
    const code = codeOf(error) ?? "";
    if (NOBODY.has(code)) return "absent";
    // The listen backlog is full.
    if (code === "EAGAIN") return "unresponsive";
    throw error;
  } finally {
    closeSync(descriptor);
  }
};

const caller = (socket: Socket): SupervisorConnection["call"] => {
  const waiting = new Map<number, (reply: Reply | undefined) => void>();
  let last = 0;
  let open = true;
  const lost = () => {
    open = false;
    for (const settle of waiting.values()) settle(undefined);
  };
  socket.on("error", lost);
  socket.on("close", lost);
  onLines(socket, (line) => {
    const reply = replyIn(line);
    // The peer is not a supervisor.
    if (reply === undefined) socket.destroy();
    else waiting.get(reply.id)?.(reply);
  });
  return (method, argument, deadline) =>
    new Promise((resolve, reject) => {
      if (!open) {
        reject(gone());
        return;
      }
      const id = (last += 1);
      const timer = setTimeout(() => {
        waiting.delete(id);
        reject(unresponsive(method, deadline));
      }, deadline);
      waiting.set(id, (reply) => {
        clearTimeout(timer);
        waiting.delete(id);
        if (reply === undefined) reject(gone());
        else if ("error" in reply) reject(errorOf(reply.error));
        else resolve(reply.result);
      });
      sendLine(socket, { id, method, argument });
    });
};

const gone = () => fault("SUPERVISOR_GONE", "the supervisor exited before it answered", "retry");

const unresponsive = (method: string, deadline: number) =>
  fault(
    "SUPERVISOR_UNRESPONSIVE",
    `the supervisor did not answer "${method}" within ${deadline} ms`,
    "retry: a supervisor that hangs is replaced",
  );
