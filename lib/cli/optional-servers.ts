import { distinct, EndowError } from "../errors";
import type { FailedServer } from "../local/up";
import type { Plan } from "../plan";

/**
 * Returns the failed servers if all of them are unavailable on this machine and only optional settings use them.
 *
 * @throws EndowError for the others: the error itself if there is one, else `SERVERS_FAILED` with all of them.
 */
export const dispensable = (plan: Plan, failed: readonly FailedServer[]): readonly FailedServer[] => {
  const fatal = failed.filter(({ name, error }) => error.code !== "SERVER_UNAVAILABLE" || isNeeded(plan, name));
  const [first] = fatal;
  if (fatal.length === 1 && first) throw first.error;
  if (fatal.length > 1)
    throw new EndowError("SERVERS_FAILED", "Servers failed to start:", distinct(fatal.flatMap(({ error }) => error.problems)));
  return failed;
};

/** Whether a required setting lives on a server. */
const isNeeded = ({ resources, variables }: Plan, server: string): boolean => {
  const settings = new Set(resources.filter((resource) => resource.server === server).map(({ setting }) => setting));
  return variables.some(({ setting, required }) => required && settings.has(setting));
};
