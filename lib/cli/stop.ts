import { createInterface } from "node:readline/promises";
import { EndowError, fault } from "../errors";
import { downFolder } from "../local/down";
import type { KnownEnvironment } from "../local/environments";
import { assertTrustedEnvironment } from "../local/folder";
import { endOrphans, runningApps } from "./app-runs";
import { interruptible } from "./signals";
import { say } from "./output";
import { withProgress } from "./progress";

/** What is needed to stop an environment. */
export type StoppedEnvironment = Pick<KnownEnvironment, "project" | "environment" | "folder">;

/** `endow dev --stop`: stops the servers and keeps their data. */
export const stop = async (place: StoppedEnvironment): Promise<void> => {
  const { stopped } = await end(place, false);
  if (stopped.length === 0) say("no server was running");
  else say(`stopped: ${stopped.join(", ")}\nTheir data is kept: \`endow dev\` starts them again.`);
};

/** `endow dev --down`: stops the servers and deletes their data and credentials. */
export const takeDown = async (place: StoppedEnvironment): Promise<void> => {
  const { stopped, removed, folder } = await end(place, true);
  if (!removed) say("there was nothing to remove");
  else say(`${stopped.length > 0 ? `stopped: ${stopped.join(", ")}\n` : ""}removed: ${folder}\nNothing is left of this environment.`);
};

/**
 * Stops several environments: one that fails does not keep the others from stopping.
 *
 * @throws EndowError `ENVIRONMENTS_LEFT`
 */
export const each = async (places: readonly StoppedEnvironment[], work: (place: StoppedEnvironment) => Promise<void>): Promise<void> => {
  if (places.length === 0) say("there are no environments on this machine");
  const failures: EndowError[] = [];
  for (const place of places) {
    say(`${titleOf(place)}:`);
    try {
      await work(place);
    } catch (error) {
      if (!(error instanceof EndowError)) throw error;
      failures.push(error);
    }
  }
  if (failures.length > 0)
    throw new EndowError(
      "ENVIRONMENTS_LEFT",
      "Some environments could not be stopped:",
      failures.flatMap(({ problems }) => problems),
    );
};

const end = ({ folder }: StoppedEnvironment, removeData: boolean) =>
  interruptible((signal) =>
    withProgress("stopping the servers", async (progress) => {
      assertTrustedEnvironment(folder);
      await endOrphans(folder);
      const apps = runningApps(folder);
      if (apps.length > 0) say(`warning: a running app of \`endow dev\` loses its servers (process ${apps.join(", ")})`);
      return downFolder(folder, { removeData, progress, signal });
    }),
  );

/**
 * Asks the user whether to delete the data of these environments.
 *
 * @throws EndowError `CONFIRMATION_NEEDED`
 */
export const confirm = async (places: readonly StoppedEnvironment[]): Promise<boolean> => {
  const titles = places.map(titleOf).join(", ");
  if (!process.stdin.isTTY)
    throw fault(
      "CONFIRMATION_NEEDED",
      `--down deletes all local data of ${titles}, and there is no terminal to ask for confirmation`,
      "add --yes",
      "--down",
    );
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`Delete all local data of ${titles}? [y/N] `);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
};

const titleOf = ({ project, environment }: StoppedEnvironment): string => `${project} (${environment})`;
