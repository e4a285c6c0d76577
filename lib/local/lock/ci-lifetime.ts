import { supervise } from "../../supervisor/client";

/** Milliseconds. */
const LEASE = 5_000;

/**
 * In CI (`CI=true`), ties an environment's servers to this process while it runs an app: if the job is killed, they stop five seconds later.
 * Outside CI, servers outlive the process that started them.
 *
 * @returns a function that releases them: the servers then keep running for the hour that CI allows until the next step of the job
 */
export const holdServers = async (folder: string, ci = process.env["CI"] === "true"): Promise<() => Promise<void>> => {
  if (!ci) return async () => undefined;
  const held = await supervise(folder, { ci, lease: LEASE });
  return async () => {
    const next = await supervise(folder, { ci });
    held.close();
    next.close();
  };
};
