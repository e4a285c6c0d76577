import { distinct, EndowError } from "../errors";
import type { FailedServer } from "../local/up";
import type { Plan } from "../plan";

/**
 * Servers that this machine cannot have and that the app can do without: it runs, and a person is told.
 *
 * @throws EndowError what went wrong with the others: the one error, or `SERVERS_FAILED` with all of them.
 */
export const dispensable = (plan: Plan, failed: readonly FailedServer[]): readonly FailedServer[] => {
  const fatal = failed.filter(({ name, error }) => error.code !== "SERVER_UNAVAILABLE" || isNeeded(plan, name));
  const [first] = fatal;
  if (fatal.length === 1 && first) throw first.error;
  if (fatal.length > 1)
    throw new EndowError("SERVERS_FAILED", "Servers did not come up:", distinct(fatal.flatMap(({ error }) => error.problems)));
  return failed;
};

/** Whether a setting that must have a value lives on a server. */
const isNeeded = ({ resources, variables }: Plan, server: string): boolean => {
  const settings = new Set(resources.filter((resource) => resource.server === server).map(({ setting }) => setting));
  return variables.some(({ setting, required }) => required && settings.has(setting));
};
