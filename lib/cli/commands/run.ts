import { EndowError, fault } from "../../errors";
import { readState } from "../../local/state-files";
import { readStores, storeAddresses } from "../../local/values";
import type { Plan } from "../../plan";
import { currentValues } from "../current-values";
import type { CommonOptions } from "../options";
import { runApp } from "../run-app";
import { environmentStatus } from "../servers";
import { appEnvironment, locateLocal, openSession, planOf } from "../session";

/** `endow run`: runs a command with the values, on servers that are already running. Returns its exit code. */
export const run = async (command: readonly string[], options: CommonOptions): Promise<number> => {
  const session = await openSession(locateLocal(options), options);
  const values = await readStores(session.folder, session.groups);
  if (values === undefined)
    throw fault("ENVIRONMENT_NOT_MADE", "there are no servers and no values yet", "run `endow dev` first", session.folder);
  const plan = planOf(session);
  await assertRunning(session.folder, plan);
  assertComplete(plan, values);
  return runApp({
    command,
    cwd: session.app.cwd,
    env: appEnvironment(session, currentValues(session, plan, values), storeAddresses(session.folder, session.groups)),
    folder: session.folder,
  });
};

/** Asserts that every server that this app uses is running. */
const assertRunning = async (folder: string, { resources }: Plan): Promise<void> => {
  const known = await readState(folder);
  const ids = new Set(resources.flatMap(({ id, formerly }) => [id, ...formerly]));
  const needed = Object.values(known?.servers ?? {}).filter(({ leases }) => leases.some(({ id, disabled }) => !disabled && ids.has(id)));
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

/** A server that failed to start leaves its settings without a value; a secret declared since the last `endow dev` has not been generated. */
const assertComplete = ({ variables }: Plan, values: Readonly<Record<string, string>>): void => {
  const absent = variables.filter(
    ({ name, required, source }) => required && (source === "provisioned" || source === "generated") && values[name] === undefined,
  );
  if (absent.length === 0) return;
  throw new EndowError(
    "VALUES_MISSING",
    "Variables without a value:",
    absent.map(({ name, setting, source }) => ({
      code: "VALUE_MISSING",
      path: name,
      message: `${name} (${setting}) has no value: ${source === "generated" ? "it has not been generated" : "its server has not been started"}`,
      fix: source === "generated" ? "run `endow dev`, then retry" : "run `endow dev` to see why, then retry",
    })),
  );
};
