import { createHash } from "node:crypto";
import type { PostgresFields } from "../connection/postgres";
import type { Service } from "../supervisor/service";
import { addressOf } from "./postgres/address";
import { prepareCluster } from "./postgres/cluster";
import { configuration } from "./postgres/configuration";
import { type PostgresLeaseOptions, administratorOf, created, disable, drop, lease } from "./postgres/lease";
import { dataFolder, majorOf, programCommand } from "./postgres/programs";
import { findProgram } from "./postgres/releases";
import type { LocalServer, Recipe } from "./recipe";
import { MAINTENANCE_DATABASE, connected, query } from "../roles/postgres/run";

/**
 * PostgreSQL 14 to 18 on this machine: one server with one database per setting, each with an owner and a login, and separate data per major
 * version. Killing any of its processes loses no committed row; only a crash of the operating system may lose a new data folder.
 */
export const postgres: Recipe<PostgresLeaseOptions, PostgresFields> = {
  program: findProgram,
  dataOf: majorOf,
  copyHint: "with pg_dump",
  prepare: async (server) => {
    await prepareCluster(server);
    return service(server);
  },
  ready: async (server) => {
    const administrator = await administratorOf(server);
    await connected(addressOf(server), administrator, MAINTENANCE_DATABASE, (client) =>
      query(client, "select 1", "see whether the server is ready"),
    );
  },
  lease,
  created,
  disable,
  drop,
};

const service = async (server: LocalServer): Promise<Service> => {
  const data = dataFolder(server);
  const { command, user } = await programCommand(server, "postgres", ["-D", data], data);
  return {
    name: server.localName,
    command,
    folder: server.folder,
    environment: server.program.environment,
    // SIGINT is PostgreSQL's "fast shutdown": it ends sessions and keeps committed data. SIGTERM would wait for the sessions.
    stopSignal: "SIGINT",
    stopTimeout: 10_000,
    ...(user !== undefined && { user }),
    port: server.port,
    labels: { version: server.program.version, configuration: digest(configuration(server.port)) },
  };
};

/** Part of the service, so that a changed configuration restarts the server. */
const digest = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, 8);
