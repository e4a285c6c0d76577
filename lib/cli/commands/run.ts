import { EndowError, fault } from "../../errors";
import { status } from "../../local/down";
import { readRecord } from "../../local/record";
import { readStores, storeAddresses } from "../../local/values";
import type { CommonOptions } from "../options";
import { runApp } from "../run-app";
import { appEnvironment, locateLocal, openSession, type Session } from "../session";

/** `endow run`: a command with the values, on servers that run already. Returns its exit code. */
export const run = async (command: readonly string[], options: CommonOptions): Promise<number> => {
  const session = await openSession(locateLocal(options), options);
  const values = await readStores(session.folder, session.groups);
  if (values === undefined)
    throw fault("ENVIRONMENT_NOT_MADE", "there are no servers and no values yet", "run `endow dev` first", session.folder);
  await assertRunning(session);
  return runApp({
    command,
    cwd: session.app.cwd,
    env: appEnvironment(session, values, storeAddresses(session.folder, session.groups)),
    folder: session.folder,
  });
};

/** The servers that a setting lives on. */
const assertRunning = async ({ app, environment, folder }: Session): Promise<void> => {
  const record = await readRecord(folder);
  const needed = new Set(record?.leases.filter(({ disabled }) => !disabled).map(({ server }) => server));
  const { services } = await status(app, environment.name);
  const idle = [...needed].filter((name) => services.find((service) => service.name === name)?.status !== "running");
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
