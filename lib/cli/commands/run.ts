import { EndowError, fault } from "../../errors";
import { readState } from "../../local/state-files";
import { readStores, storeAddresses } from "../../local/values";
import type { CommonOptions } from "../options";
import { runApp } from "../run-app";
import { environmentStatus } from "../servers";
import { appEnvironment, locateLocal, openSession, planOf, type Session } from "../session";

/** `endow run`: a command with the values, on servers that run already. Returns its exit code. */
export const run = async (command: readonly string[], options: CommonOptions): Promise<number> => {
  const session = await openSession(locateLocal(options), options);
  const values = await readStores(session.folder, session.groups);
  if (values === undefined)
    throw fault("ENVIRONMENT_NOT_MADE", "there are no servers and no values yet", "run `endow dev` first", session.folder);
  await assertRunning(session);
  assertComplete(session, values);
  return runApp({
    command,
    cwd: session.app.cwd,
    env: appEnvironment(session, values, storeAddresses(session.folder, session.groups)),
    folder: session.folder,
  });
};

/** The servers that a setting lives on. */
const assertRunning = async ({ folder }: Session): Promise<void> => {
  const known = await readState(folder);
  const needed = Object.values(known?.servers ?? {}).filter(({ leases }) => leases.some(({ disabled }) => !disabled));
  const { servers } = await environmentStatus(folder, known);
  const idle = needed.map(({ name }) => name).filter((name) => servers.find((server) => server.name === name)?.state !== "running");
  if (idle.length > 0)
    throw new EndowError(
      "SERVERS_NOT_RUNNING",
      "Servers that the values belong to do not run:",
      idle.map((name) => ({
        code: "SERVER_NOT_RUNNING",
        path: name,
        message: `${name} does not run`,
        fix: "run `endow dev`, which starts it, then this again",
      })),
    );
};

/** A server that could not be brought up leaves its settings without a value. */
const assertComplete = (session: Session, values: Readonly<Record<string, string>>): void => {
  const absent = planOf(session).variables.filter(
    ({ name, required, source }) => required && source === "provisioned" && values[name] === undefined,
  );
  if (absent.length === 0) return;
  throw new EndowError(
    "VALUES_MISSING",
    "Variables have no value:",
    absent.map(({ name, setting }) => ({
      code: "VALUE_MISSING",
      path: name,
      message: `${name} (${setting}) has no value: its server has not been brought up`,
      fix: "run `endow dev`, which says why, then this again",
    })),
  );
};
