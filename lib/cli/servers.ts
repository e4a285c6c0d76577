import { createdOn } from "../local/created";
import { assertTrustedEnvironment } from "../local/folder";
import type { CreatedData } from "../local/recipe";
import type { EnvironmentState } from "../local/state";
import { statusOf, type SupervisorStatus } from "../supervisor/client";
import { duration } from "./table";

type Service = SupervisorStatus["services"][number];

/** One server as `endow status` shows it. */
export interface ServerStatus extends Pick<Service, "name" | "port" | "pid" | "startedAt" | "restarts" | "reason" | "log"> {
  readonly kind?: string | undefined;
  readonly version?: string | undefined;
  readonly state: Service["status"];
  /** Databases that apps have created besides their settings' own. */
  readonly created: readonly CreatedData[];
}

export interface EnvironmentStatus extends Pick<SupervisorStatus, "supervisor" | "problem"> {
  readonly servers: readonly ServerStatus[];
}

/** Status of the servers in an environment's folder. Starts nothing. */
export const environmentStatus = async (folder: string, state: EnvironmentState | undefined): Promise<EnvironmentStatus> => {
  assertTrustedEnvironment(folder);
  const { services, supervisor, problem } = await statusOf(folder);
  const servers = new Map(Object.entries(state?.servers ?? {}));
  return {
    supervisor,
    ...(problem !== undefined && { problem }),
    servers: await Promise.all(
      services.map(async ({ name, status, labels, port, pid, startedAt, restarts, reason, log }) => ({
        name: servers.get(name)?.name ?? name,
        kind: servers.get(name)?.kind,
        version: labels?.["version"],
        state: status,
        port,
        pid,
        startedAt,
        restarts,
        reason,
        log,
        created: state !== undefined && status === "running" ? await createdOn(folder, state, name) : [],
      })),
    ),
  };
};

export const uptimeOf = ({ state, startedAt }: ServerStatus): string | undefined =>
  state === "running" && startedAt !== undefined ? duration(Date.now() - Date.parse(startedAt)) : undefined;
