import { EndowError } from "../errors";
import { knownEnvironments, type KnownEnvironment } from "../local/environments";
import { print, printJson } from "./output";
import { environmentStatus, type EnvironmentStatus, uptimeOf } from "./servers";
import { table } from "./table";

type StatusEntry = Omit<KnownEnvironment, "record"> & Partial<EnvironmentStatus> & Pick<EnvironmentStatus, "servers">;

/** `endow status --all`: shows the servers of every environment on this machine. */
export const statusOfAll = async (json: boolean): Promise<void> => {
  const all = await Promise.all((await knownEnvironments()).map(entryOf));
  if (json) printJson(all);
  else if (all.length === 0) print("there are no environments on this machine: `endow dev` creates one");
  else print(textOf(all));
};

/** An environment that cannot be inspected does not hide the others. */
const entryOf = async ({ record, ...known }: KnownEnvironment): Promise<StatusEntry> => {
  try {
    return { ...known, ...(await environmentStatus(known.folder, record)) };
  } catch (error) {
    if (!(error instanceof EndowError)) throw error;
    return { ...known, problem: error.message, servers: [] };
  }
};

const textOf = (all: readonly StatusEntry[]): string =>
  [
    table(["project", "environment", "server", "state", "port", "pid", "uptime", "app's folder"], all.flatMap(rowsOf)),
    ...all.flatMap(({ project, environment, problem }) =>
      problem === undefined ? [] : [`${project} (${environment}) may be incomplete: ${problem}`],
    ),
    ...(all.some(({ gone }) => gone) ? ["`endow dev --stop --all` and `--down --all` include those whose folder is gone."] : []),
  ].join("\n\n");

const rowsOf = ({ project, environment, root = "unknown", gone, servers }: StatusEntry) => {
  const place = gone ? `${root} (gone)` : root;
  if (servers.length === 0) return [[project, environment, "none", "", "", "", "", place]];
  return servers.map((server) => [project, environment, server.name, server.state, server.port, server.pid, uptimeOf(server), place]);
};
