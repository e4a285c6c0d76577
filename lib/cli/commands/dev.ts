import { existsSync } from "node:fs";
import { readManifest } from "../../workspace/manifest";
import { projectName } from "../../workspace/root";
import { unusableValues } from "../../workspace/unusable";
import { knownEnvironments } from "../../local/environments";
import { environmentFolder } from "../../local/folder";
import { up, type Up } from "../../local/up";
import type { Plan } from "../../plan";
import { endOrphans } from "../app-runs";
import { interruptible } from "../signals";
import { assertCombination, type DevOptions } from "../validate-options";
import { assertSettings, byServer } from "../server-options";
import { print, printJson, say } from "../output";
import { suppliedNotes } from "../supplied-notes";
import { withProgress } from "../progress";
import { type Report, reportOf, tablesOf } from "../report";
import { assertFeasible } from "../assert-feasible";
import { runApp } from "../run-app";
import { appEnvironment, locateLocal, openSession, planOf, type AppPlace, type Session } from "../session";
import { formerNote } from "../status-neighbours";
import { confirm, each, type StoppedEnvironment, stop, takeDown } from "../stop";
import { dispensable } from "../optional-servers";

/** `endow dev`: starts the servers, prints a table and runs the app. Returns the app's exit code. */
export const dev = async (command: readonly string[], options: DevOptions): Promise<number> => {
  assertCombination(command, options);
  if (options.stop || options.down) {
    await end(options);
    return 0;
  }
  const session = await openSession(locateLocal(options), options);
  const plan = planOf(session);
  assertFeasible(plan, unusableValues(session.groups, session.supplied.values), session.supplied.origins);
  warnOfFormer(session, options);
  const result = await bringUp(session, plan, options);
  for (const note of result.notes) say(`warning: ${note}`);
  for (const note of suppliedNotes(session, "was")) say(note);
  dispensable(plan, result.failed);
  const report = reportOf(session, plan, result);
  warn(report);
  if (command.length === 0 && options.json) printJson(report);
  else (command.length === 0 ? print : say)(summary(report, options.verbose ?? false));
  if (command.length === 0) return 0;
  return runApp({
    command,
    cwd: session.app.cwd,
    env: appEnvironment(session, result.values, result.stores),
    folder: session.folder,
  });
};

/** `--stop` and `--down` */
const end = async (options: DevOptions): Promise<void> => {
  const places = options.all ? await knownEnvironments() : [endingOf(locateLocal(options))];
  if (options.down && !options.yes && places.length > 0 && !(await confirm(places))) {
    say("nothing was removed");
    return;
  }
  const work = options.down ? takeDown : stop;
  if (options.all) await each(places, work);
  else for (const place of places) await work(place);
};

const endingOf = ({ app, environment, folder }: AppPlace): StoppedEnvironment => ({
  project: app.project,
  environment: environment.name,
  folder,
});

const bringUp = (session: Session, plan: Plan, { port = {}, program = {}, move: moves = [] }: DevOptions): Promise<Up> => {
  assertSettings(plan, "--move", moves);
  const [ports, programs] = [byServer(plan, "--port", port), byServer(plan, "--program", program)];
  return interruptible((signal) =>
    withProgress(`starting ${plan.servers.map(({ name }) => name).join(", ")}`, async (update) => {
      const ended = await endOrphans(session.folder);
      if (ended > 0) say(`stopped ${ended} app(s) left behind by a killed \`endow dev\``);
      const progress = (server: string, message: string) => update(`${server}: ${message}`);
      return up({
        plan,
        groups: session.groups,
        root: session.app.root,
        declaration: session.file,
        supplied: session.supplied.values,
        ports,
        programs,
        moves,
        progress,
        signal,
      });
    }),
  );
};

/** A package that joins a workspace gets the workspace's servers. */
const warnOfFormer = ({ app, environment }: Session, { project }: DevOptions): void => {
  const { folder, root } = app;
  if (folder === root) return;
  const former = { project: projectName(folder, readManifest(folder).name, project), root: folder };
  const place = environmentFolder(former, environment.name);
  if (existsSync(place)) say(`warning: ${formerNote({ ...former, environment: environment.name, folder: place }, root)}`);
};

const warn = ({ unavailable }: Report): void => {
  for (const { name, reason, fix } of unavailable)
    say(`warning: ${name} is not available; the app runs without it: ${reason}\n  fix: ${fix}`);
};

const summary = (report: Report, verbose: boolean): string => {
  const count = report.servers.length;
  const running = count === 0 ? "no servers are needed" : `${count} server${count === 1 ? "" : "s"} running`;
  if (!report.changed && !verbose) return `nothing changed: ${running}`;
  const hint = count === 0 ? running : `${running}; \`endow dev --stop\` stops ${count === 1 ? "it" : "them"}`;
  return `${tablesOf(report)}\n\n${hint}`;
};
