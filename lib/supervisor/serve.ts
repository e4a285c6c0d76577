import { statSync } from "node:fs";
import { type Control, listen } from "./control";
import { Keepers } from "./keepers";
import { platform } from "./platform/current";
import { type Hello, PROTOCOL, type Welcome } from "./protocol";

/** How often a supervisor checks whether it is still needed. Milliseconds. */
const LOOK = 250;

/** How often it checks the size of the logs. Milliseconds. */
const LOG_LOOK = 5_000;

/** How long a client may take to read its last answer. Milliseconds. */
const GOODBYE = 1_000;

/**
 * Adopts the services running in `folder` and answers clients until it is told to stop or is no longer needed: the folder is gone,
 * no service was running and no client was connected for `idleTimeout` milliseconds, or the lease expired.
 */
export const serve = async (folder: string, idleTimeout: number, report: (error: unknown) => void): Promise<void> => {
  const keepers = new Keepers(folder, report);
  const { ino } = statSync(folder);
  let control: Control | undefined;
  let lease = Number.POSITIVE_INFINITY;
  let lastClient = performance.now();
  let lastUse = lastClient;
  let ending = false;

  const leave = () => {
    ending = true;
    // Wait until the pending answer was written to its socket.
    setImmediate(() => {
      setTimeout(() => process.exit(0), GOODBYE);
      control?.close(() => process.exit(0));
    });
  };
  const retire = () => {
    keepers.close();
    leave();
  };
  const stop = async () => {
    ending = true;
    try {
      const stopped = await keepers.stopAll();
      keepers.close();
      return stopped;
    } finally {
      leave();
    }
  };
  const welcome = (hello: unknown): Welcome => {
    const asked = (hello as Hello | undefined)?.lease;
    if (typeof asked === "number" && asked > 0) lease = asked;
    const network = platform().network();
    return { protocol: PROTOCOL, pid: process.pid, ...(network !== undefined && { network }) };
  };
  const look = () => {
    const now = performance.now();
    if (control?.connections() !== 0) lastClient = now;
    if (lastClient === now || keepers.active) lastUse = now;
    const current = statSync(folder, { throwIfNoEntry: false })?.ino;
    if (ending) return;
    if (current === undefined || now - lastClient > lease) stop().catch(report);
    else if (current !== ino) keepers.abandon().catch(report).finally(leave);
    else if (control?.reachable() === false) process.exit(0);
    else if (now - lastUse > idleTimeout) retire();
  };

  control = await listen(folder, {
    hello: welcome,
    apply: (service) => keepers.apply(service),
    status: () => keepers.status,
    remove: (name) => keepers.remove(String(name)),
    stop,
    retire,
  });
  process.on("SIGTERM", () => void stop().catch(report));
  setInterval(look, LOOK);
  setInterval(() => trimLogs(keepers, report), LOG_LOOK);
};

const trimLogs = (keepers: Keepers, report: (error: unknown) => void): void => {
  try {
    keepers.trimLogs();
  } catch (error) {
    report(error);
  }
};
