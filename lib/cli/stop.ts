import { createInterface } from "node:readline/promises";
import { EndowError, fault } from "../errors";
import { downFolder } from "../local/down";
import type { KnownEnvironment } from "../local/environments";
import { assertTrustedEnvironment } from "../local/folder";
import { endOrphans, runningApps } from "./app-runs";
import { interruptible } from "./signals";
import { say } from "./output";
import { withProgress } from "./progress";

/** What is needed to end an environment. */
export type Ending = Pick<KnownEnvironment, "project" | "environment" | "folder">;

/** `endow dev --stop`: the servers end, the data stays. */
export const stop = async (place: Ending): Promise<void> => {
  const { stopped } = await end(place, false);
  if (stopped.length === 0) say("no server was running");
  else say(`stopped: ${stopped.join(", ")}\nTheir data is kept: \`endow dev\` starts them again.`);
};

/** `endow dev --down`: servers, data and credentials go. */
export const takeDown = async (place: Ending): Promise<void> => {
  const { stopped, removed, folder } = await end(place, true);
  if (!removed) say("there was nothing to remove");
  else say(`${stopped.length > 0 ? `stopped: ${stopped.join(", ")}\n` : ""}removed: ${folder}\nNothing is left of this environment.`);
};

/**
 * The same for several environments: one that resists does not keep the others from ending.
 *
 * @throws EndowError `ENVIRONMENTS_LEFT`
 */
export const each = async (places: readonly Ending[], work: (place: Ending) => Promise<void>): Promise<void> => {
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
      "Not every environment could be ended:",
      failures.flatMap(({ problems }) => problems),
    );
};

const end = ({ folder }: Ending, removeData: boolean) =>
  interruptible((signal) =>
    withProgress("stopping the servers", async (progress) => {
      assertTrustedEnvironment(folder);
      await endOrphans(folder);
      const apps = runningApps(folder);
      if (apps.length > 0) say(`warning: an app that \`endow dev\` runs loses its servers (process ${apps.join(", ")})`);
      return downFolder(folder, { removeData, progress, signal });
    }),
  );

/**
 * Whether a person wants the data of these environments deleted.
 *
 * @throws EndowError `CONFIRMATION_NEEDED`
 */
export const confirm = async (places: readonly Ending[]): Promise<boolean> => {
  const titles = places.map(titleOf).join(", ");
  if (!process.stdin.isTTY)
    throw fault(
      "CONFIRMATION_NEEDED",
      `--down deletes all local data of ${titles}, and there is no terminal to ask on`,
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

const titleOf = ({ project, environment }: Ending): string => `${project} (${environment})`;
