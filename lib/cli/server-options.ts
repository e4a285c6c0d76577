import { fault } from "../errors";
import type { Plan } from "../plan";

/**
 * Resolves the server names of an option to full names: a kind's name, as in `postgres=5433`, means the only server of that kind.
 *
 * @throws EndowError `SERVER_UNKNOWN`, `SERVER_AMBIGUOUS`
 */
export const byServer = <T>({ servers }: Plan, option: string, given: Readonly<Record<string, T>>): Readonly<Record<string, T>> =>
  Object.fromEntries(Object.entries(given).map(([name, value]) => [fullName(servers, option, name), value]));

const fullName = (servers: Plan["servers"], option: string, given: string): string => {
  if (servers.some(({ name }) => name === given)) return given;
  const [only, ...others] = servers.filter(({ kind }) => kind === given).map(({ name }) => name);
  if (only === undefined)
    throw unknownServer(
      given,
      servers.map(({ name }) => name),
      option,
    );
  if (others.length === 0) return only;
  throw fault("SERVER_AMBIGUOUS", `${option} ${given} matches several servers`, `name one of ${[only, ...others].join(", ")}`, option);
};

/**
 * Asserts that ids are of settings that live on servers.
 *
 * @throws EndowError `SETTING_UNKNOWN`
 */
export const assertSettings = ({ resources }: Plan, option: string, given: readonly string[]): void => {
  const known = resources.map(({ id }) => id);
  const unknown = given.find((id) => !known.includes(id));
  if (unknown === undefined) return;
  throw fault(
    "SETTING_UNKNOWN",
    `there is no setting ${JSON.stringify(unknown)} that needs a server`,
    known.length === 0 ? `remove ${option}: no setting needs a server` : `name one of ${known.join(", ")}`,
    option,
  );
};

export const unknownServer = (given: string, known: readonly string[], path: string) =>
  fault(
    "SERVER_UNKNOWN",
    `there is no server ${JSON.stringify(given)}`,
    known.length === 0 ? "remove it: there are no servers" : `name one of ${known.join(", ")}`,
    path,
  );
