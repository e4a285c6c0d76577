import { EndowError, fault } from "../../errors";
import { readState } from "../../local/state-files";
import { readStores, storeAddresses } from "../../local/values";
import type { Plan } from "../../plan";
import { deliveredValues } from "../../plan/delivered";
import type { CommonOptions } from "../options";
import { runApp } from "../run-app";
import { environmentStatus } from "../servers";
import { appEnvironment, locateLocal, openSession, planOf, type Session } from "../session";

/** `endow run`: runs a command with the values, on servers that are already running. Returns its exit code. */
export const run = async (command: readonly string[], options: CommonOptions): Promise<number> => {
  const session = await openSession(locateLocal(options), options);
  const values = await readStores(session.folder, session.groups);
  if (values === undefined)
    throw fault("ENVIRONMENT_NOT_MADE", "there are no servers and no values yet", "run `endow dev` first", session.folder);
  await assertRunning(session);
  const plan = planOf(session);
  assertComplete(plan, values);
  return runApp({
    command,
    cwd: session.app.cwd,
    env: appEnvironment(session, currentValues(session, plan, values), storeAddresses(session.folder, session.groups)),
    folder: session.folder,
  });
};

/** The values that the servers provided, without those that a value supplied since then replaces, such as the parts of a URL. */
const currentValues = ({ groups, supplied }: Session, plan: Plan, values: Readonly<Record<string, string>>) => {
  const provided = new Set(plan.variables.flatMap(({ name, source, state }) => (state === "ready" && source !== "supplied" ? [name] : [])));
  return {
    ...Object.fromEntries(Object.entries(values).filter(([name]) => provided.has(name))),
    ...deliveredValues(plan, groups, { fieldsOf: () => undefined, supplied: supplied.values }),
  };
};

/** Asserts that every server in use is running. */
const assertRunning = async ({ folder }: Session): Promise<void> => {
  const known = await readState(folder);
  const needed = Object.values(known?.servers ?? {}).filter(({ leases }) => leases.some(({ disabled }) => !disabled));
  const { servers } = await environmentStatus(folder, known);
  const idle = needed.map(({ name }) => name).filter((name) => servers.find((server) => server.name === name)?.state !== "running");
  if (idle.length > 0)
    throw new EndowError(
      "SERVERS_NOT_RUNNING",
      "Required servers are not running:",
      idle.map((name) => ({
        code: "SERVER_NOT_RUNNING",
        path: name,
        message: `${name} is not running`,
        fix: "run `endow dev` to start it, then retry",
      })),
    );
};

/** A server that failed to start leaves its settings without a value. */
const assertComplete = ({ variables }: Plan, values: Readonly<Record<string, string>>): void => {
  const absent = variables.filter(({ name, required, source }) => required && source === "provisioned" && values[name] === undefined);
  if (absent.length === 0) return;
  throw new EndowError(
    "VALUES_MISSING",
    "Variables without a value:",
    absent.map(({ name, setting }) => ({
      code: "VALUE_MISSING",
      path: name,
      message: `${name} (${setting}) has no value: its server has not been started`,
      fix: "run `endow dev` to see why, then retry",
    })),
  );
};
