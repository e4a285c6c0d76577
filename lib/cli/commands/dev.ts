import { fault } from "../../errors";
import { holdServers } from "../../local/hold";
import { up, type Up } from "../../local/up";
import { plan as planOf, type Plan } from "../../plan";
import { endOrphans } from "../apps";
import { interruptible } from "../interruption";
import { byServer } from "../naming";
import type { CommonOptions } from "../options";
import { print, printJson, say } from "../output";
import { withProgress } from "../progress";
import { type Report, reportOf, tablesOf } from "../report";
import { assertFeasible } from "../requirements";
import { runApp } from "../run-app";
import { appEnvironment, locateLocal, openSession, type Session } from "../session";
import { stop, takeDown } from "../stop";
import { dispensable } from "../unavailable";

interface DevOptions extends CommonOptions {
  readonly stop?: boolean;
  readonly down?: boolean;
  readonly yes?: boolean;
  readonly port?: Readonly<Record<string, number>>;
  readonly program?: Readonly<Record<string, string>>;
  readonly verbose?: boolean;
}

/** `endow dev`: servers, a table, and the app, whose exit code it returns. */
export const dev = async (command: readonly string[], options: DevOptions): Promise<number> => {
  assertCombination(command, options);
  const place = locateLocal(options);
  if (options.stop) await stop(place);
  if (options.down) await takeDown(place, options.yes ?? false);
  if (options.stop || options.down) return 0;

  const session = await openSession(place, options);
  const plan = planOf({
    project: session.app.project,
    groups: session.groups,
    environment: session.environment,
    supplied: session.supplied.planned,
  });
  assertFeasible(plan);
  const result = await bringUp(session, plan, options);
  dispensable(plan, result.failed);
  const report = reportOf(session, plan, result);
  warn(report);
  if (command.length === 0 && options.json) printJson(report);
  else (command.length === 0 ? print : say)(summary(report, options.verbose ?? false));
  if (command.length === 0) return 0;
  const letGo = await holdServers(session.folder);
  try {
    return await runApp({
      command,
      cwd: session.app.cwd,
      env: appEnvironment(session, result.values, result.stores),
      folder: session.folder,
    });
  } finally {
    await letGo();
  }
};

const bringUp = (session: Session, plan: Plan, { port = {}, program = {} }: DevOptions): Promise<Up> => {
  const [ports, programs] = [byServer(plan, "--port", port), byServer(plan, "--program", program)];
  return interruptible((signal) =>
    withProgress(`starting ${plan.servers.map(({ name }) => name).join(", ")}`, async (update) => {
      const ended = await endOrphans(session.folder);
      if (ended > 0) say(`ended ${ended} app(s) that a killed \`endow dev\` had left behind`);
      const progress = (server: string, message: string) => update(`${server}: ${message}`);
      return up({
        plan,
        groups: session.groups,
        root: session.app.root,
        supplied: session.supplied.values,
        ports,
        programs,
        progress,
        signal,
      });
    }),
  );
};

const assertCombination = (command: readonly string[], { stop, down, json }: DevOptions): void => {
  if (stop && down) throw clash("--stop", "--down");
  if (command.length > 0 && (stop || down)) throw clash(stop ? "--stop" : "--down", "a command");
  if (command.length > 0 && json) throw clash("--json", "a command, whose output goes to the same place,");
};

const clash = (first: string, second: string) =>
  fault("OPTIONS_CLASH", `${first} and ${second} do not go together`, "leave one of them out", first);

const warn = ({ unavailable }: Report): void => {
  for (const { name, reason, fix } of unavailable)
    say(`warning: ${name} is not available, and the app runs without it: ${reason}\n  fix: ${fix}`);
};

const summary = (report: Report, verbose: boolean): string => {
  const count = report.servers.length;
  const running = count === 0 ? "no servers are needed" : `${count} server${count === 1 ? "" : "s"} running`;
  if (!report.changed && !verbose) return `nothing changed: ${running}`;
  const hint = count === 0 ? running : `${running}; \`endow dev --stop\` stops ${count === 1 ? "it" : "them"}`;
  return `${tablesOf(report)}\n\n${hint}`;
};
