import { supervise } from "../../supervisor/client";

/** Milliseconds. */
const LEASE = 5_000;

/**
 * In CI (`CI=true`), ties an environment's servers to this process for as long as it runs an app: when the job is killed they end with it,
 * five seconds later. Elsewhere servers outlive the process that started them.
 *
 * @returns lets go: from then on the servers have the hour that CI leaves to the next step of a job
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
