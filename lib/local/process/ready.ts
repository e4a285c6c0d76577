import { connect } from "node:net";
import { codeOf } from "../../errors";

/** What shows that a process is ready. */
export interface ReadyProbe {
  /** On 127.0.0.1. */
  readonly port?: number | undefined;
  /** Path that answers with 2xx or 3xx. */
  readonly health?: string | undefined;
}

/** Milliseconds that one attempt may take. */
const PATIENCE = 2_000;

/** Milliseconds that a process has to run when nothing else shows that it is ready. */
const STAYS_UP = 1_000;

/**
 * One attempt.
 *
 * @param startedAt ISO 8601, when the process was started
 * @returns why it is not ready; `undefined` when it is
 */
export const notReadyYet = async (
  { port, health }: ReadyProbe,
  startedAt: string | undefined,
  signal: AbortSignal,
): Promise<string | undefined> => {
  const within = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]);
  if (port === undefined) return Date.now() - Date.parse(startedAt ?? "") >= STAYS_UP ? undefined : "it has only just started";
  if (health === undefined) return accepts(port, within);
  return answers(`http://127.0.0.1:${port}${health}`, within);
};

const answers = async (url: string, signal: AbortSignal): Promise<string | undefined> => {
  try {
    const response = await fetch(url, { signal, redirect: "manual" });
    await response.body?.cancel();
    return response.status >= 200 && response.status < 400 ? undefined : `${url} answers with ${response.status}`;
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    return `${url} does not answer (${codeOf(cause) ?? "no answer in time"})`;
  }
};

const accepts = (port: number, signal: AbortSignal): Promise<string | undefined> =>
  new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1", signal });
    socket.once("connect", () => {
      socket.destroy();
      resolve(undefined);
    });
    socket.once("error", (error) => resolve(`127.0.0.1:${port} accepts no connection (${codeOf(error) ?? "unknown reason"})`));
  });
