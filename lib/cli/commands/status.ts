import { status as statusOf } from "../../local/down";
import { readRecord } from "../../local/record";
import type { CommonOptions } from "../options";
import { print, printJson } from "../output";
import { locateLocal } from "../session";
import { duration, table } from "../table";

/** `endow status`: what runs, and why something does not. Starts nothing. */
export const status = async (options: CommonOptions): Promise<void> => {
  const { app, environment, folder } = locateLocal(options);
  const { services, supervisor, problem } = await statusOf(app, environment.name);
  const kinds = new Map((await readRecord(folder))?.leases.map(({ server, kind }) => [server, kind]));
  const servers = services.map(({ name, status: state, labels, port, pid, startedAt, restarts, reason, log }) => ({
    name,
    kind: kinds.get(name),
    version: labels?.["version"],
    state,
    port,
    pid,
    startedAt,
    restarts,
    reason,
    log,
  }));
  if (options.json) {
    printJson({ project: app.project, environment: environment.name, folder, supervisor, problem, servers });
    return;
  }
  if (servers.length === 0) {
    print(`no servers of ${app.project} (${environment.name}) are known: \`endow dev\` starts them`);
    return;
  }
  print(
    table(
      ["server", "version", "state", "port", "pid", "uptime", "restarts"],
      servers.map(({ name, version, state, port, pid, startedAt, restarts }) => {
        const uptime = state === "running" && startedAt !== undefined ? duration(Date.now() - Date.parse(startedAt)) : undefined;
        return [name, version, state, port, pid, uptime, restarts];
      }),
    ),
  );
  for (const { name, state, reason } of servers) if (state !== "running" && reason !== undefined) print(`\n${name} is ${state}: ${reason}`);
  if (problem !== undefined) print(`\nthis may be incomplete: ${problem}`);
};
