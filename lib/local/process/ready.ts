import { connect } from "node:net";
import { codeOf } from "../../errors";

/** How to tell that a process is ready. */
export interface ReadyProbe {
  /** On 127.0.0.1. */
  readonly port?: number | undefined;
  /** Path that responds with 2xx or 3xx. */
  readonly health?: string | undefined;
}

/** Milliseconds allowed per attempt. */
const PATIENCE = 2_000;

/** Milliseconds after which a process without a port counts as ready. */
const STAYS_UP = 1_000;

/**
 * Checks once whether a process is ready.
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
    return response.status >= 200 && response.status < 400 ? undefined : `${url} responds with ${response.status}`;
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    return `${url} does not respond (${codeOf(cause) ?? "timeout"})`;
  }
};

const accepts = (port: number, signal: AbortSignal): Promise<string | undefined> =>
  new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1", signal });
    socket.once("connect", () => {
      socket.destroy();
      resolve(undefined);
    });
    socket.once("error", (error) => resolve(`127.0.0.1:${port} refuses connections (${codeOf(error) ?? "unknown reason"})`));
  });
