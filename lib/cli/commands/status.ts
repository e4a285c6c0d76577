import type { CreatedData } from "../../local/recipe";
import { readState } from "../../local/state-files";
import type { CommonOptions } from "../options";
import { print, printJson } from "../output";
import { environmentStatus, type ServerStatus, uptimeOf } from "../servers";
import { locateLocal } from "../session";
import { neighboursOf, notesOn } from "../status-neighbours";
import { statusOfAll } from "../status-of-all";
import { table } from "../table";

interface StatusOptions extends CommonOptions {
  readonly all?: boolean;
}

/** `endow status`: shows which servers are running, and why the others are not. Starts nothing. */
export const status = async (options: StatusOptions): Promise<void> => {
  if (options.all) return statusOfAll(options.json ?? false);
  const place = locateLocal(options);
  const { app, environment, folder } = place;
  const { servers, supervisor, problem } = await environmentStatus(folder, await readState(folder));
  const others = await neighboursOf(place);
  if (options.json) {
    printJson({ project: app.project, environment: environment.name, root: app.root, folder, supervisor, problem, servers, others });
    return;
  }
  if (servers.length === 0) print(`${app.project} (${environment.name}) has no servers yet: \`endow dev\` starts them`);
  else printServers(servers, problem);
  for (const note of notesOn(others, app.root)) print(`\n${note}`);
};

const printServers = (servers: readonly ServerStatus[], problem: string | undefined): void => {
  print(
    table(
      ["server", "version", "state", "port", "pid", "uptime", "restarts"],
      servers.map((server) => [server.name, server.version, server.state, server.port, server.pid, uptimeOf(server), server.restarts]),
    ),
  );
  for (const { name, created } of servers)
    if (created.length > 0) print(`\n${name} also has databases that apps created: ${createdText(created)}`);
  for (const { name, state, reason } of servers) if (state !== "running" && reason !== undefined) print(`\n${name} is ${state}: ${reason}`);
  if (problem !== undefined) print(`\nthis may be incomplete: ${problem}`);
};

const createdText = (created: readonly CreatedData[]): string => created.map(({ name, login }) => `${name} (of ${login})`).join(", ");
