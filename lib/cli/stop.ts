import { createInterface } from "node:readline/promises";
import { fault } from "../errors";
import { down } from "../local/down";
import { endOrphans, runningApps } from "./apps";
import { interruptible } from "./interruption";
import { say } from "./output";
import { withProgress } from "./progress";
import type { Place } from "./session";

/** `endow dev --stop`: the servers end, the data stays. */
export const stop = async (place: Place): Promise<void> => {
  const { stopped } = await end(place, false);
  if (stopped.length === 0) say("no server was running");
  else say(`stopped: ${stopped.join(", ")}\nTheir data is kept: \`endow dev\` starts them again.`);
};

/**
 * `endow dev --down`: servers, data and credentials go.
 *
 * @throws EndowError `CONFIRMATION_NEEDED`
 */
export const takeDown = async (place: Place, confirmed: boolean): Promise<void> => {
  if (!confirmed && !(await confirm(place))) {
    say("nothing was removed");
    return;
  }
  const { stopped, removed, folder } = await end(place, true);
  if (!removed) say("there was nothing to remove");
  else say(`${stopped.length > 0 ? `stopped: ${stopped.join(", ")}\n` : ""}removed: ${folder}\nNothing is left of this environment.`);
};

const end = ({ app, environment, folder }: Place, removeData: boolean) =>
  interruptible((signal) =>
    withProgress("stopping the servers", async (progress) => {
      await endOrphans(folder);
      const apps = runningApps(folder);
      if (apps.length > 0) say(`warning: an app that \`endow dev\` runs loses its servers (process ${apps.join(", ")})`);
      return down({ app, environment: environment.name, removeData, progress, signal });
    }),
  );

const confirm = async ({ app, environment }: Place): Promise<boolean> => {
  if (!process.stdin.isTTY)
    throw fault(
      "CONFIRMATION_NEEDED",
      `--down deletes all local data of ${app.project} (${environment.name}), and there is no terminal to ask on`,
      "add --yes",
      "--down",
    );
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`Delete all local data of ${app.project} (${environment.name})? [y/N] `);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
};
