import type { Socket } from "node:net";
import { EndowError, fault, type Problem } from "../errors";

/**
 * Version of the messages below. A client replaces an older supervisor, so raise it with every incompatible change.
 * `hello`, `retire` and `stop` must never change.
 */
export const PROTOCOL = 2;

/** One line of JSON from the client. Each gets one `Reply` with the same id, in any order. */
export interface Call {
  readonly id: number;
  readonly method: Method;
  readonly argument?: unknown;
}

/**
 * - `hello` (`Hello`): first on every connection; answered by `Welcome`
 * - `apply` (a service), `status`, `remove` (a name): same as the client's functions of these names
 * - `stop`: stops all services, answers with the names of those that were running, then exits
 * - `retire`: stops the supervisor; services keep running
 */
export type Method = "hello" | "apply" | "status" | "remove" | "stop" | "retire";

export interface Hello {
  /** Milliseconds: see `SuperviseOptions.lease`. */
  readonly lease?: number;
}

export interface Welcome {
  readonly protocol: number;
  readonly pid: number;
  /** See `OperatingSystem.network`; older supervisors do not send it. */
  readonly network?: string;
}

export type Reply = { readonly id: number; readonly result: unknown } | { readonly id: number; readonly error: Problem };

const LONGEST = 1024 * 1024;

/** Calls `receive` with each line; disconnects a peer that sends a line longer than 1 MB. */
export const onLines = (socket: Socket, receive: (line: string) => void): void => {
  let rest = "";
  socket.setEncoding("utf8");
  socket.on("data", (chunk: string) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) receive(line);
    if (rest.length > LONGEST) socket.destroy();
  });
};

/** Parses a line from the peer on the socket; `undefined` if it is not a valid reply. */
export const replyIn = (line: string): Reply | undefined => {
  const fields = parse(line);
  if (!isObject(fields) || typeof fields["id"] !== "number") return undefined;
  const { id, error } = fields;
  if ("result" in fields) return { id, result: fields["result"] };
  return isProblem(error) ? { id, error } : undefined;
};

export const isWelcome = (result: unknown): result is Welcome =>
  isObject(result) &&
  typeof result["protocol"] === "number" &&
  typeof result["pid"] === "number" &&
  ["string", "undefined"].includes(typeof result["network"]);

const isProblem = (value: unknown): value is Problem =>
  isObject(value) && ["code", "message", "fix", "path"].every((field) => typeof value[field] === "string");

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === "object" && value !== null;

const parse = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
};

export const sendLine = (socket: Socket, message: Call | Reply): void => {
  if (socket.writable) socket.write(`${JSON.stringify(message)}\n`);
};

export const problemFrom = (error: unknown): Problem => {
  const [problem] = error instanceof EndowError ? error.problems : [];
  if (problem !== undefined) return problem;
  const message = error instanceof Error ? error.message : String(error);
  return {
    code: "SUPERVISOR_FAILED",
    path: "",
    message: `the supervisor failed: ${message}`,
    fix: "see supervisor.log in its folder",
  };
};

export const errorOf = ({ code, message, fix, path }: Problem): EndowError => fault(code, message, fix, path);
